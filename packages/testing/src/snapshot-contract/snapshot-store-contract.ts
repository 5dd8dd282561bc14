import { bindCase, type ContractCase } from '../contract/case.js'
import type { SnapshotClause } from './clause.js'
import { builds } from './clauses/builds.js'
import { closing } from './clauses/closing.js'
import { damage } from './clauses/damage.js'
import { keeping } from './clauses/keeping.js'
import type { SnapshotStoreHarness } from './harness.js'
import { SnapshotTrial } from './trial.js'

const CLAUSES: readonly SnapshotClause[] = [...keeping, ...builds, ...damage, ...closing]

/**
 * What every snapshot store must do, as cases for any test runner:
 *
 * ```ts
 * for (const { name, run } of snapshotStoreContract(harness)) it(name, run)
 * ```
 *
 * Guarantee: every case opens a store of its own, is bounded in time, and closes what it opened. The cases for what the
 * harness leaves out are not there.
 */
export function snapshotStoreContract(harness: SnapshotStoreHarness): readonly ContractCase[] {
  return CLAUSES.filter(({ needs }) => needs === undefined || harness[needs] !== undefined).map(clause =>
    bindCase(clause, () => new SnapshotTrial(harness), harness.timeoutMs),
  )
}
