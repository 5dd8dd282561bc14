import type { Promised } from '../contract/case.js'
import type { ReadModelTrial } from './trial.js'

/** What a clause can only be checked with, or without. */
export type Need = 'a second store' | 'sql' | 'no sql'

/** A promise of the contract and how it is checked. */
export interface ReadModelClause extends Promised<ReadModelTrial> {
  readonly needs?: Need
}

/** A clause for every store. */
export function clause(name: string, check: (trial: ReadModelTrial) => Promise<void>): ReadModelClause {
  return { name, check }
}

/** A clause for some stores. */
export function clauseWith(
  needs: Need,
  name: string,
  check: (trial: ReadModelTrial) => Promise<void>,
): ReadModelClause {
  return { name, needs, check }
}
