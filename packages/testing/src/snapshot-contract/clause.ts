import type { Promised } from '../contract/case.js'
import type { SnapshotStoreHarness } from './harness.js'
import type { SnapshotTrial } from './trial.js'

/** What a harness may leave out. */
export type Ability = Exclude<keyof SnapshotStoreHarness, 'open' | 'timeoutMs'>

/** A promise of the contract, how it is checked, and what the harness must be able to do for it. */
export interface SnapshotClause extends Promised<SnapshotTrial> {
  readonly needs: Ability | undefined
}

/** A clause that one store is enough for. */
export function clause(name: string, check: (trial: SnapshotTrial) => Promise<void>): SnapshotClause {
  return { name, needs: undefined, check }
}

/** A clause that needs more of the harness. */
export function clauseWith(
  needs: Ability,
  name: string,
  check: (trial: SnapshotTrial) => Promise<void>,
): SnapshotClause {
  return { name, needs, check }
}
