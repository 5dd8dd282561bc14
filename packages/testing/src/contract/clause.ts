import { AssertionError } from 'node:assert/strict'
import type { ContractCase, EventStoreHarness } from './harness.js'
import { Trial } from './trial.js'

const DEFAULT_TIMEOUT_MS = 10_000

/** A promise of the contract and how it is checked. */
export interface Clause {
  readonly name: string
  /** True when it needs a second store on the same log. */
  readonly shared: boolean
  check(trial: Trial): Promise<void>
}

/** A clause that one store is enough for. */
export function clause(name: string, check: (trial: Trial) => Promise<void>): Clause {
  return { name, shared: false, check }
}

/** A clause about two stores on one log. */
export function sharedClause(name: string, check: (trial: Trial) => Promise<void>): Clause {
  return { name, shared: true, check }
}

/** Ties a clause to the stores of a harness and bounds its time. */
export function bindCase(bound: Clause, harness: EventStoreHarness): ContractCase {
  const timeoutMs = harness.timeoutMs ?? DEFAULT_TIMEOUT_MS
  return {
    name: bound.name,
    run: async () => {
      const trial = new Trial(harness)
      const close = (): Promise<void> =>
        within(timeoutMs, `closing the stores after: ${bound.name}`, trial.close())
      try {
        await within(timeoutMs, bound.name, bound.check(trial))
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
