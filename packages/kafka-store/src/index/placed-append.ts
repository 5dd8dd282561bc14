import type { LogRecord } from '../record/log-record.js'
import { appendEnd } from '../record/read-append.js'
import type { RecordBatch } from '../record/record-batch.js'
import type { RecordRun } from '../record/record-run.js'

/** Where a stream stands. */
export interface Head {
  readonly partition: number
  readonly version: number
  /** The id of its last event. */
  readonly id: string
}

/** What an append gave to one stream; as a {@link Head}, where the stream stands behind it. */
export interface PlacedWrite extends Head {
  readonly stream: string
  readonly firstVersion: number
  /** How many events. */
  readonly count: number
}

/** What an index notes of an append. */
export interface PlacedAppend {
  /** Of its first event; the others follow without a gap. */
  readonly offset: number
  readonly commandId: string
  /** At least one; each stream once. */
  readonly writes: readonly PlacedWrite[]
}

/** Appends that stand side by side in a partition: whole, as they are in the log, and what an index notes of them. */
export interface AppliedRun {
  readonly run: RecordRun
  readonly appends: readonly PlacedAppend[]
  /** Of the last append: time never runs backwards in a partition. */
  readonly time: number
}

/** What an index takes of a valid batch. @param records - all of it */
export function appliedRun(batch: RecordBatch, records: readonly LogRecord[]): AppliedRun {
  return { run: batch.run(), appends: placeAppends(records), time: records[records.length - 1]!.time }
}

function placeAppends(records: readonly LogRecord[]): PlacedAppend[] {
  const appends: PlacedAppend[] = []
  for (let start = 0; start < records.length;) {
    const end = appendEnd(records, start)
    const { place: offset, commandId } = records[start]!
    appends.push({ offset, commandId, writes: placeWrites(records, start, end) })
    start = end
  }
  return appends
}

function placeWrites(records: readonly LogRecord[], start: number, end: number): PlacedWrite[] {
  const writes: PlacedWrite[] = []
  for (let first = start; first < end;) {
    const { stream, partition, version: firstVersion } = records[first]!
    let last = first
    while (last + 1 < end && records[last + 1]!.stream === stream) last++
    const count = last - first + 1
    const version = firstVersion + count - 1
    writes.push({ stream, partition, firstVersion, count, version, id: records[last]!.id })
    first = last + 1
  }
  return writes
}
