import type { RecordedEvent } from '@hindcast/core'
import { STREAM_BATCH_EVENTS, type StreamBatch, type StreamIndex } from '@hindcast/stream-index'

/** Events of a stream from a version on, upwards. */
export function batchUpwards(index: StreamIndex, stream: string, from: number, limit: number): StreamBatch {
  const head = index.head(stream)
  const events: RecordedEvent[] = []
  let next = from
  while (head && next <= head.version && events.length < Math.min(limit, STREAM_BATCH_EVENTS)) {
    const run = index.readRun(stream, head, next)
    append(events, run.events, next - run.first, run.events.length)
    next = run.next
  }
  if (events.length > limit) events.length = limit
  const done = !head || next > head.version || events.length >= limit
  return { events, next: done ? undefined : next }
}

/** Events of a stream from a version on, downwards. */
export function batchDownwards(
  index: StreamIndex,
  stream: string,
  from: number | undefined,
  limit: number,
): StreamBatch {
  const head = index.head(stream)
  const events: RecordedEvent[] = []
  let next = head ? Math.min(from ?? head.version, head.version) : -1
  while (head && next >= 0 && events.length < Math.min(limit, STREAM_BATCH_EVENTS)) {
    const run = index.readRun(stream, head, next)
    for (let i = next - run.first; i >= 0; i--) events.push(run.events[i]!)
    next = run.first - 1
  }
  if (events.length > limit) events.length = limit
  return { events, next: next < 0 || events.length >= limit ? undefined : next }
}

function append(events: RecordedEvent[], run: readonly RecordedEvent[], from: number, to: number): void {
  for (let i = from; i < to; i++) events.push(run[i]!)
}
