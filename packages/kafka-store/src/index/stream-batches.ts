import type { RecordedEvent } from '@hindcast/core'
import { STREAM_BATCH_EVENTS, type StreamBatch } from '@hindcast/stream-index'
import type { LogIndex } from './log-index.js'
import { readAppend } from '../record/read-append.js'
import { writeOf } from './index-file.js'

/** Events of a stream from a version on, upwards. */
export function batchUpwards(index: LogIndex, stream: string, from: number, limit: number): StreamBatch {
  const wanted = Math.min(limit, STREAM_BATCH_EVENTS)
  const events: RecordedEvent[] = []
  const last = index.head(stream)?.version ?? -1
  const head = index.stored.head(stream)
  let next = from
  while (head && next <= head.version && events.length < wanted) {
    const run = index.stored.readRun(stream, head, next)
    for (let i = next - run.first; i < run.events.length; i++) events.push(run.events[i]!)
    next = run.next
  }
  if (events.length < wanted && next <= last)
    for (const event of recentOf(index, stream, next)) {
      events.push(event)
      next = event.version + 1
    }
  if (events.length > limit) events.length = limit
  return { events, next: next > last || events.length >= limit ? undefined : next }
}

/** Events of a stream from a version on, downwards. */
export function batchDownwards(
  index: LogIndex,
  stream: string,
  from: number | undefined,
  limit: number,
): StreamBatch {
  const wanted = Math.min(limit, STREAM_BATCH_EVENTS)
  const events: RecordedEvent[] = []
  const head = index.stored.head(stream)
  const stored = head?.version ?? -1
  const last = index.head(stream)?.version ?? -1
  let next = Math.min(from ?? last, last)
  if (next > stored) {
    for (const event of recentOf(index, stream, stored + 1).toReversed())
      if (event.version <= next) events.push(event)
    next = stored
  }
  while (head && next >= 0 && events.length < wanted) {
    const run = index.stored.readRun(stream, head, next)
    for (let i = next - run.first; i >= 0; i--) events.push(run.events[i]!)
    next = run.first - 1
  }
  if (events.length > limit) events.length = limit
  return { events, next: next < 0 || events.length >= limit ? undefined : next }
}

/** The events of a stream that are not yet in the file, from a version on. */
function recentOf(index: LogIndex, stream: string, from: number): RecordedEvent[] {
  const events: RecordedEvent[] = []
  for (const layer of index.layers) {
    const known = layer.streams.get(stream)
    if (!known) continue
    const { writes } = layer.partitions.get(known.partition)!
    for (const offset of writes.of(known).offsets) {
      const run = layer.runAt(known.partition, offset)!
      for (const event of writeOf(readAppend(run, offset), stream))
        if (event.version >= from) events.push(event)
    }
  }
  return events
}
