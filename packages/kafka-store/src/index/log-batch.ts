import { LIMITS, type LogBatch } from '@hindcast/core'
import type { LogRecord } from '../record/log-record.js'
import { gatherAppends } from '../record/read-append.js'
import type { LogIndex } from './log-index.js'

/** The next batch of whole appends of a partition: from the index's file, then from what is not yet in it. */
export function batchOf(index: LogIndex, partition: number, from: number, maxEvents: number): LogBatch {
  const end = index.state(partition).next
  const stored = index.stored.partition(partition).next
  const run =
    from < stored
      ? index.stored.readLog(partition, from, maxEvents)
      : recentRun(index, partition, from, maxEvents)
  return { partition, events: run.events, next: BigInt(run.next), end: BigInt(end) }
}

function recentRun(
  index: LogIndex,
  partition: number,
  from: number,
  maxEvents: number,
): { events: LogRecord[]; next: number } {
  const events: LogRecord[] = []
  let next = from
  for (const layer of index.layers) {
    const known = layer.partitions.get(partition)
    if (!known) continue
    for (let run = layer.runAt(partition, next); run; run = layer.runAt(partition, next)) {
      const end = gatherAppends(
        run.read(Math.max(next, run.first), maxEvents + LIMITS.maxAppendEvents),
        events,
        maxEvents,
      )
      if (end !== undefined) next = end
      if (end !== run.next) return { events, next }
    }
    next = Math.max(next, known.state.next)
  }
  return { events, next }
}
