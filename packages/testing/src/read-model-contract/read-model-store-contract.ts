import { bindCase, type ContractCase } from '../contract/case.js'
import type { Need, ReadModelClause } from './clause.js'
import { atomicity } from './clauses/atomicity.js'
import { claims } from './clauses/claims.js'
import { closing } from './clauses/closing.js'
import { columns } from './clauses/columns.js'
import { fence } from './clauses/fence.js'
import { keys } from './clauses/keys.js'
import { parking } from './clauses/parking.js'
import { preparing } from './clauses/preparing.js'
import { reading } from './clauses/reading.js'
import { requests } from './clauses/requests.js'
import { rows } from './clauses/rows.js'
import { sharedRows } from './clauses/shared-rows.js'
import { sql } from './clauses/sql.js'
import { standing } from './clauses/standing.js'
import { steps } from './clauses/steps.js'
import { waiting } from './clauses/waiting.js'
import type { ReadModelStoreHarness } from './harness.js'
import { ReadModelTrial } from './trial.js'

const CLAUSES: readonly ReadModelClause[] = [
  ...preparing,
  ...claims,
  ...fence,
  ...atomicity,
  ...steps,
  ...rows,
  ...columns,
  ...keys,
  ...sharedRows,
  ...reading,
  ...waiting,
  ...parking,
  ...requests,
  ...standing,
  ...sql,
  ...closing,
]

/**
 * What every read-model store must do, as cases for any test runner:
 *
 * ```ts
 * for (const { name, run } of readModelStoreContract(harness)) it(name, run)
 * ```
 *
 * Guarantee: every case opens read models of its own, is bounded in time, and closes what it opened. The cases about several
 * stores on one database are there only when the harness has `second`, those about running SQL only when it says `sql`.
 */
export function readModelStoreContract(harness: ReadModelStoreHarness): readonly ContractCase[] {
  const given: Readonly<Record<Need, boolean>> = {
    'a second store': harness.second !== undefined,
    sql: harness.sql,
    'no sql': !harness.sql,
  }
  return CLAUSES.filter(({ needs }) => needs === undefined || given[needs]).map(clause =>
    bindCase(clause, () => new ReadModelTrial(harness), harness.timeoutMs),
  )
}
