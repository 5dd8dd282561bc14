import type { EventStore, RecordedEvent } from '../../store/event-store.js'

/** How many records a read goes over rather than to begin anew behind them. */
const NEAR = 1_000n

/**
 * The events at some offsets of a partition, in the order asked for.
 *
 * @param offsets - ascending
 * @returns undefined in the place of one that is no longer there
 */
export async function readOffsets(
  store: EventStore,
  partition: number,
  offsets: readonly bigint[],
): Promise<readonly (RecordedEvent | undefined)[]> {
  const found = new Map<bigint, RecordedEvent>()
  let done = 0
  while (done < offsets.length) {
    const before = done
    for await (const { events, next } of store.readLog(partition, {
      from: offsets[done]!,
      batchEvents: 100,
    })) {
      const wanted = new Set(offsets.slice(done, done + 1_000))
      for (const event of events) if (wanted.has(event.offset)) found.set(event.offset, event)
      while (done < offsets.length && offsets[done]! < next) done++
      if (done === offsets.length || offsets[done]! > next + NEAR) break
    }
    if (done === before) break
  }
  return offsets.map(offset => found.get(offset))
}
