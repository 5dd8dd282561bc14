import type { LogBatch, RecordedEvent } from '@hindcast/core'
import { countEvents, type AppendRecord } from '@hindcast/stream-index'
import type { LogIndex } from './log-index.js'
import { eventsOf } from './recent-event.js'

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
): { events: RecordedEvent[]; next: number } {
  const events: RecordedEvent[] = []
  let next = from
  for (const layer of index.layers) {
    const known = layer.partitions.get(partition)
    if (!known) continue
    const { appends } = known
    for (let i = firstEndingBehind(appends, next); i < appends.length; i++) {
      const append = appends[i]!
      if (events.length > 0 && events.length + countEvents(append.writes) > maxEvents) return { events, next }
      for (const event of eventsOf(append)) if (event.place >= from) events.push(event)
      next = append.offset + countEvents(append.writes)
    }
    next = Math.max(next, known.state.next)
  }
  return { events, next }
}

/** The place of the first append that ends behind an offset. */
function firstEndingBehind(appends: readonly AppendRecord[], offset: number): number {
  let low = 0
  let high = appends.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const append = appends[middle]!
    if (append.offset + countEvents(append.writes) > offset) high = middle
    else low = middle + 1
  }
  return low
}
