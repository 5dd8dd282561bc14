import type { EventStore, RecordedEvent } from '@hindcast/core'

/** Small, since every partition holds one batch. */
const BATCH_EVENTS = 200

/** Where to begin: the next offset of a partition, and a time before which appends are left out. */
export interface LogStart {
  /** The next offset. Default 0n. */
  readonly next: (partition: number) => bigint
  /** Appends before it are left out, in milliseconds since 1970. */
  readonly sinceMs?: number
}

/**
 * The appends of a log up to its end, all partitions as one: ordered by time, and by partition where times are equal. So
 * times do not run backwards in any other log that takes them in this order, however many partitions it has.
 *
 * Memory: 200 events of each partition (or the largest append).
 *
 * @yields whole appends
 */
export async function* logInTime(
  store: EventStore,
  start: LogStart,
): AsyncGenerator<readonly RecordedEvent[]> {
  const sources = Array.from({ length: store.partitions }, (_, partition) =>
    appendsOf(store, partition, start),
  )
  try {
    const heads = await Promise.all(sources.map(source => source.next()))
    for (;;) {
      let first: number | undefined
      let earliest = Infinity
      for (const [partition, { done, value }] of heads.entries())
        if (done !== true && value[0]!.time < earliest) {
          first = partition
          earliest = value[0]!.time
        }
      if (first === undefined) return
      yield heads[first]!.value as readonly RecordedEvent[]
      heads[first] = await sources[first]!.next()
    }
  } finally {
    await Promise.allSettled(sources.map(source => source.return()))
  }
}

async function* appendsOf(
  store: EventStore,
  partition: number,
  { next, sinceMs = -Infinity }: LogStart,
): AsyncGenerator<readonly RecordedEvent[], void, void> {
  for await (const { events } of store.readLog(partition, {
    from: next(partition),
    batchEvents: BATCH_EVENTS,
  }))
    for (let begin = 0, end = 0; begin < events.length; begin = end) {
      const { commandId } = events[begin]!
      while (end < events.length && events[end]!.commandId === commandId) end++
      if (events[begin]!.time >= sinceMs) yield events.slice(begin, end)
    }
}
