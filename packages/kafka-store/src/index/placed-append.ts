import type { LogRecord } from '../record/log-record.js'
import { appendEnd } from '../record/read-append.js'
import type { RecordBatch } from '../record/record-batch.js'
import type { RecordRun } from '../record/record-run.js'
import { commandHash } from './command-hash.js'

/** Where a stream stands. */
export interface Head {
  readonly partition: number
  readonly version: number
  /** The id of its last event. */
  readonly id: string
}

/** Takes note of appends, in the order of the log. */
export interface AppendNotes {
  /** Begins an append. @param hash - of its command id, see commandHash */
  append(commandId: string, hash: number, offset: number): void
  /**
   * What the append gave to a stream, each stream once.
   *
   * @param offset - of the first event; the others follow without a gap
   * @param version - of the last event
   * @param id - of the last event
   */
  write(stream: string, offset: number, firstVersion: number, version: number, id: string): void
}

/** Appends that stand side by side in a partition: whole, as they are in the log. */
export interface AppliedRun {
  readonly run: RecordRun
  /** Of the last append: time never runs backwards in a partition. */
  readonly time: number
  /** Tells an index what to note of them. No objects: what an index needs of an append is a few numbers. */
  note(notes: AppendNotes): void
}

/** What an index takes of a valid batch. @param records - all of it */
export function appliedRun(batch: RecordBatch, records: readonly LogRecord[]): AppliedRun {
  const { time } = records[records.length - 1]!
  return { run: batch.run(), time, note: notes => noteAppends(records, notes) }
}

function noteAppends(records: readonly LogRecord[], notes: AppendNotes): void {
  for (let start = 0; start < records.length;) {
    const end = appendEnd(records, start)
    const { place, commandId } = records[start]!
    notes.append(commandId, commandHash(commandId), place)
    noteWrites(records, start, end, notes)
    start = end
  }
}

function noteWrites(records: readonly LogRecord[], start: number, end: number, notes: AppendNotes): void {
  for (let first = start; first < end;) {
    const { stream, place, version } = records[first]!
    let last = first
    while (last + 1 < end && records[last + 1]!.stream === stream) last++
    notes.write(stream, place, version, version + last - first, records[last]!.id)
    first = last + 1
  }
}
