import { ReadModelMissingError } from '../../read-model/errors.js'
import type { Standing } from '../../read-model/standing.js'
import type { EventStore } from '../../store/event-store.js'
import type { Clock } from '../../time/clock.js'
import type { ProjectionHealth } from './health.js'
import type { WorkerStatus } from '../worker/worker-standing.js'

/** An owner reports every few seconds; one that has not for so long is frozen, dead or cut off. */
const SILENT_AFTER_MS = 15_000

/** How long health looks into a log. */
const LOOKING_MS = 1_000

/** What is known of one partition. */
export interface KnownOfPartition {
  readonly standing: Standing | undefined
  readonly status: WorkerStatus | undefined
  /** Why nothing is known of where it stands; undefined when something is. */
  readonly failure: { readonly error: unknown } | undefined
  /** This process. */
  readonly owner: string
}

/**
 * Who works on a partition and how it goes. A worker of this process knows better than its last report; but that it goes well
 * is unknown while the read models do not answer.
 */
export function workerHealth({
  standing,
  status,
  failure,
  owner,
}: KnownOfPartition): Pick<
  ProjectionHealth,
  'state' | 'error' | 'owner' | 'here' | 'settled' | 'eventsPerSecond' | 'parked' | 'checkpoint'
> {
  const parked = standing?.parked ?? 0
  const checkpoint = standing?.next ?? status?.checkpoint ?? 0n
  if (status) {
    const { state, error, settled, eventsPerSecond } = status
    const known = { state, owner, here: true, settled, eventsPerSecond, parked, checkpoint }
    if (error !== undefined) return { ...known, error }
    return failure ? { ...known, state: 'unknown', error: failure.error } : known
  }
  const elsewhere = { here: false, settled: true, parked, checkpoint }
  const report = standing?.report
  if (failure) {
    const state = failure.error instanceof ReadModelMissingError ? 'unowned' : 'unknown'
    return { ...elsewhere, state, error: failure.error, eventsPerSecond: 0 }
  }
  if (!report) return { ...elsewhere, state: 'unowned', eventsPerSecond: 0 }
  if (standing.reportAgeMs! > SILENT_AFTER_MS)
    return { ...elsewhere, state: 'silent', owner: report.owner, eventsPerSecond: 0 }
  return { ...elsewhere, ...report }
}

/** How old the oldest event from an offset on is, in milliseconds; 0 when there is none, undefined when the log does not say. */
export async function ageOfFirst(
  store: EventStore,
  partition: number,
  from: bigint,
  clock: Clock,
): Promise<number | undefined> {
  const signal = AbortSignal.timeout(LOOKING_MS)
  try {
    for await (const { events } of store.readLog(partition, { from, batchEvents: 1, signal })) {
      const [first] = events
      if (first) return Math.max(0, clock.now().getTime() - first.time)
    }
    return signal.aborted ? undefined : 0
  } catch {
    return undefined // whoever folds the partition says what is wrong with the log
  }
}
