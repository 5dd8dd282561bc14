import { AssertionError } from 'node:assert/strict'

const DEFAULT_TIMEOUT_MS = 10_000

/** One promise of a contract, ready to run. */
export interface ContractCase {
  /** The promise, as a sentence; unique in the suite. */
  readonly name: string
  /** Opens what it needs, checks, closes what it opened. Rejects when the promise is broken or the time is over. */
  readonly run: () => Promise<void>
}

/** A promise of a contract and how it is checked on what a trial opens. */
export interface Promised<T extends Closing> {
  readonly name: string
  check(trial: T): Promise<void>
}

/** What was opened for one case. */
export interface Closing {
  /** Closes everything that is still open. */
  close(): Promise<void>
}

/** Ties a promise to a trial of its own and bounds its time. */
export function bindCase<T extends Closing>(
  promised: Promised<T>,
  begin: () => T,
  timeoutMs: number = DEFAULT_TIMEOUT_MS,
): ContractCase {
  const { name } = promised
  return {
    name,
    run: async () => {
      const trial = begin()
      const close = (): Promise<void> => within(timeoutMs, `closing the stores after: ${name}`, trial.close())
      try {
        await within(timeoutMs, name, promised.check(trial))
      } catch (error) {
        // The broken promise is the news; that such a store cannot be closed either is none.
        await close().catch(() => undefined)
        throw error
      }
      await close()
    },
  }
}

/** Waits for the work, but no longer than the time: a store that hangs must fail, not hang the suite. */
async function within(timeoutMs: number, what: string, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new AssertionError({ message: `not finished within ${timeoutMs} ms: ${what}` })),
      timeoutMs,
    )
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
