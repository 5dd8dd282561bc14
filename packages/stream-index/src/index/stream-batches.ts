import type { ReadStreamOptions, RecordedEvent } from '@hindcast/core'

/** A batch grows until it has so many events: one promise an event would be slow. */
export const STREAM_BATCH_EVENTS = 1000

/** The next batch of a stream, and where to go on. */
export interface StreamBatch {
  /** In the direction that was asked for. */
  readonly events: readonly RecordedEvent[]
  /** The version to go on with; undefined at the end. */
  readonly next: number | undefined
}

/** How a store finds the batches of a stream. */
export interface StreamBatchReader {
  /** Events from a version on, upwards; no more than the limit. */
  upwards(from: number, limit: number): StreamBatch
  /** Events from a version on (undefined: the last), downwards; no more than the limit. */
  downwards(from: number | undefined, limit: number): StreamBatch
}

/**
 * Reads a stream batch by batch, as `readStream` promises it.
 *
 * @param refuseWhenClosed - called before each batch; throws when the store was closed meanwhile
 * @yields batches that are not empty
 */
export function* streamBatches(
  { direction = 'forwards', from: start, limit = Infinity }: ReadStreamOptions,
  reader: StreamBatchReader,
  refuseWhenClosed: () => void,
): Generator<readonly RecordedEvent[], void, void> {
  let from = start
  for (let left = limit; left > 0;) {
    refuseWhenClosed()
    const { events, next } =
      direction === 'forwards' ? reader.upwards(from ?? 0, left) : reader.downwards(from, left)
    if (events.length > 0) yield events
    if (next === undefined) return
    from = next
    left -= events.length
  }
}
