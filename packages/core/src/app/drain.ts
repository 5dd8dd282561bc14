import { AppStopTimeoutError } from './errors.js'

/** How long closing may take when the time for draining is over. */
const CLOSING_MS = 1_000

/** What ends with an app. @internal */
export interface Draining {
  /** Resolves when no command is under way any more. */
  readonly idle: Promise<void>
  /** Frees everything. */
  readonly close: () => Promise<void>
  /** What is not finished yet, a sentence each. */
  readonly left: () => readonly string[]
  readonly drainTimeoutMs: number
}

/**
 * Waits for the commands under way, then closes; both within the time given. What is not finished by then is named, and closed
 * under it: it ends with an error of its own, or with the process.
 *
 * @throws AppStopTimeoutError @internal
 */
export async function drain({ idle, close, left, drainTimeoutMs }: Draining): Promise<void> {
  const startedAt = performance.now()
  const unfinished = (await within(idle, drainTimeoutMs)) ? [] : left()
  const closing = close()
  const timeLeft = Math.max(drainTimeoutMs - (performance.now() - startedAt), CLOSING_MS)
  const closed = await within(closing, timeLeft)
  if (closed && unfinished.length === 0) return
  closing.catch(() => undefined) // the deadline is the news
  const rest = unfinished.length > 0 ? unfinished : left()
  throw new AppStopTimeoutError(drainTimeoutMs, rest.length > 0 ? rest : ['its stores are being closed'])
}

/** Whether it has ended in time. @throws what it throws in that time */
async function within(work: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<false>(resolve => (timer = setTimeout(() => resolve(false), ms)))
  try {
    return await Promise.race([work.then(() => true), over])
  } finally {
    clearTimeout(timer)
  }
}
