import type { Standing } from '../read-model/standing.js'
import type { EventStore } from '../store/event-store.js'
import type { Clock } from '../time/clock.js'
import type { ProjectionHealth } from './health.js'
import type { WorkerStatus } from './partition-worker.js'

/** An owner reports every few seconds; one that has not for so long is frozen, dead or cut off. */
const SILENT_AFTER_MS = 15_000

/** What is known of one partition. */
export interface KnownOfPartition {
  readonly standing: Standing | undefined
  readonly status: WorkerStatus | undefined
  /** This process. */
  readonly owner: string
}

/** Who works on a partition and how it goes. A worker of this process knows better than its last report. */
export function workerHealth({
  standing,
  status,
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
    return error === undefined ? known : { ...known, error }
  }
  const elsewhere = { here: false, settled: true, parked, checkpoint }
  const report = standing?.report
  if (!report) return { ...elsewhere, state: 'unowned', eventsPerSecond: 0 }
  if (standing.reportAgeMs! > SILENT_AFTER_MS)
    return { ...elsewhere, state: 'silent', owner: report.owner, eventsPerSecond: 0 }
  return { ...elsewhere, ...report }
}

/** How old the oldest event from an offset on is, in milliseconds; 0 when there is none. */
export async function ageOfFirst(
  store: EventStore,
  partition: number,
  from: bigint,
  clock: Clock,
): Promise<number> {
  for await (const { events } of store.readLog(partition, { from, batchEvents: 1 })) {
    const [first] = events
    if (first) return Math.max(0, clock.now().getTime() - first.time)
  }
  return 0
}
