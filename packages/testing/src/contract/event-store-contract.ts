import { bindCase, type ContractCase } from './case.js'
import type { Clause } from './clause.js'
import { atomicity } from './clauses/atomicity.js'
import { badInput } from './clauses/bad-input.js'
import { checkpoints } from './clauses/checkpoints.js'
import { closing } from './clauses/closing.js'
import { commandIds } from './clauses/command-ids.js'
import { eventTimes } from './clauses/event-times.js'
import { expectedVersions } from './clauses/expected-versions.js'
import { findCommand } from './clauses/find-command.js'
import { immutability } from './clauses/immutability.js'
import { limits } from './clauses/limits.js'
import { liveTail } from './clauses/live-tail.js'
import { logOrder } from './clauses/log-order.js'
import { names } from './clauses/names.js'
import { partitionKeys } from './clauses/partition-keys.js'
import { payloads } from './clauses/payloads.js'
import { races } from './clauses/races.js'
import { streamReads } from './clauses/stream-reads.js'
import type { EventStoreHarness } from './harness.js'
import { Trial } from './trial.js'

const CLAUSES: readonly Clause[] = [
  ...expectedVersions,
  ...races,
  ...commandIds,
  ...findCommand,
  ...atomicity,
  ...logOrder,
  ...checkpoints,
  ...liveTail,
  ...streamReads,
  ...limits,
  ...names,
  ...eventTimes,
  ...payloads,
  ...partitionKeys,
  ...badInput,
  ...immutability,
  ...closing,
]

/**
 * What every event store must do, as cases for any test runner:
 *
 * ```ts
 * for (const { name, run } of eventStoreContract(harness)) it(name, run)
 * ```
 *
 * Guarantee: every case opens a log of its own, is bounded in time, and closes what it opened. The cases about several
 * stores on one log are there only when the harness has `second`.
 */
export function eventStoreContract(harness: EventStoreHarness): readonly ContractCase[] {
  return CLAUSES.filter(clause => !clause.shared || harness.second !== undefined).map(clause =>
    bindCase(clause, () => new Trial(harness), harness.timeoutMs),
  )
}
