import { BrokersUnreachableError } from '../topic/errors.js'
import type { KafkaSettings } from './options.js'

/** How long to wait for work that does not get on, and whom the error names. */
export interface Patience {
  readonly brokers: readonly string[]
  readonly patienceMs: number
}

/** At start: the time to look for a cluster, and the time that a last answer may take. */
export function patienceAtStart({ brokers, startTimeoutMs, requestTimeoutMs }: KafkaSettings): Patience {
  return { brokers, patienceMs: startTimeoutMs + requestTimeoutMs }
}

const LOOKS = 20

/**
 * Waits for work that asks brokers again and again, as long as it gets on.
 *
 * @param progress - a number that changes when it does
 * @throws BrokersUnreachableError when it has not for `patienceMs`
 */
export async function whileItGetsOn<T>(
  work: Promise<T>,
  { brokers, patienceMs }: Patience,
  progress: () => number = () => 0,
): Promise<T> {
  let last = progress()
  let since = performance.now()
  let timer: NodeJS.Timeout | undefined
  const stuck = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      const now = progress()
      if (now !== last) since = performance.now()
      last = now
      if (performance.now() - since > patienceMs)
        reject(new BrokersUnreachableError(brokers, patienceMs, new Error('the topic could not be read')))
    }, patienceMs / LOOKS)
  })
  try {
    return await Promise.race([work, stuck])
  } finally {
    clearInterval(timer)
    work.catch(() => undefined)
  }
}
