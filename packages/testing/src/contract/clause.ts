import type { Promised } from './case.js'
import type { Trial } from './trial.js'

/** A promise of the contract and how it is checked. */
export interface Clause extends Promised<Trial> {
  /** True when it needs a second store on the same log. */
  readonly shared: boolean
}

/** A clause that one store is enough for. */
export function clause(name: string, check: (trial: Trial) => Promise<void>): Clause {
  return { name, shared: false, check }
}

/** A clause about two stores on one log. */
export function sharedClause(name: string, check: (trial: Trial) => Promise<void>): Clause {
  return { name, shared: true, check }
}
