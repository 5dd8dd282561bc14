import type { LogRecord } from './log-record.js'
import type { RecordRun } from './record-run.js'

/** So many records are decoded to see where an append ends. Most have one event. */
const STEP = 2

/** The records of the append that begins at an offset of a run, in memory of their own: they stand side by side and have one command id. */
export function readAppend(run: RecordRun, offset: number): LogRecord[] {
  let records = run.copy(offset, STEP).read(offset)
  let end = appendEnd(records, 0)
  if (end === records.length && run.next > offset + end) {
    records = run.copy(offset).read(offset)
    end = appendEnd(records, 0)
  }
  return records.slice(0, end)
}

/** Behind which of the records the append that begins at one of them ends. */
export function appendEnd(records: readonly LogRecord[], start: number): number {
  let end = start + 1
  while (end < records.length && records[end]!.isOfAppendOf(records[end - 1]!)) end++
  return end
}

/**
 * Gathers the events of whole appends from an offset of a run on, until there would be more than so many.
 *
 * @param from - may lie within an append: then only what is from there on is gathered
 * @returns the offset behind the last append that was gathered; the first one always is when there is none yet
 */
export function gatherAppends(
  records: readonly LogRecord[],
  events: LogRecord[],
  maxEvents: number,
): number | undefined {
  let next: number | undefined
  for (let start = 0; start < records.length;) {
    const end = appendEnd(records, start)
    if (events.length > 0 && events.length + end - start > maxEvents) return next
    for (let i = start; i < end; i++) events.push(records[i]!)
    next = records[end - 1]!.place + 1
    start = end
  }
  return next
}
