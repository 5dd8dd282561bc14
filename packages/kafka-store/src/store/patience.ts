import { BrokersUnreachableError } from '../topic/errors.js'
import type { KafkaSettings } from './options.js'

const LOOKS = 20

/**
 * Waits for work that asks brokers again and again, as long as it gets on.
 *
 * @param progress - a number that changes when it does
 * @throws BrokersUnreachableError when it has not for `startTimeoutMs` and the time that a last answer may take
 */
export async function whileItGetsOn<T>(
  work: Promise<T>,
  { brokers, startTimeoutMs, requestTimeoutMs }: KafkaSettings,
  progress: () => number = () => 0,
): Promise<T> {
  const patienceMs = startTimeoutMs + requestTimeoutMs
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
