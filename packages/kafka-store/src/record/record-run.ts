import { LogRecord, notesFor } from './log-record.js'
import { VarintReader } from './varint.js'

/** Records that lie side by side in a partition, as the bytes that Kafka has of them; they are decoded where they are asked for. */
export class RecordRun {
  /**
   * @param base - the first offset of the batch that they are part of
   * @param first - the offset of the first of them
   * @param bytes - hold them, and never change
   * @param at - where the first of them begins
   * @param end - where the last of them ends
   */
  constructor(
    readonly partition: number,
    readonly base: number,
    readonly first: number,
    readonly count: number,
    readonly bytes: Buffer,
    readonly at: number,
    readonly end: number,
  ) {}

  /** The offset behind them. */
  get next(): number {
    return this.first + this.count
  }

  /** The records from an offset in the run on, at most so many. */
  read(from: number, most: number = Infinity): LogRecord[] {
    const count = Math.min(most, this.next - from)
    const records: LogRecord[] = []
    const notes = notesFor(count)
    let at = this.placeOf(from)
    for (let i = 0; i < count; i++) {
      const record = new LogRecord(this.partition, this.base, this.bytes, at, notes, i)
      records.push(record)
      at = record.end
    }
    return records
  }

  /**
   * The records from an offset in the run on, at most so many, in memory of their own: whoever keeps one keeps nothing else.
   */
  copy(from: number, most: number = Infinity): RecordRun {
    const count = Math.min(most, this.next - from)
    const at = this.placeOf(from)
    let { end } = this
    if (from + count < this.next) {
      end = at
      for (let i = 0; i < count; i++) end = this.behind(end)
    }
    const bytes = Buffer.from(this.bytes.subarray(at, end))
    return new RecordRun(this.partition, this.base, from, count, bytes, 0, bytes.length)
  }

  /** A part of the run. @param at - where the record at `first` begins */
  part(first: number, count: number, at: number, end: number): RecordRun {
    return new RecordRun(this.partition, this.base, first, count, this.bytes, at, end)
  }

  /** Where the record behind the one that begins here begins. */
  behind(at: number): number {
    const reader = new VarintReader(this.bytes, at)
    const length = reader.next()
    return reader.at + length
  }

  private placeOf(offset: number): number {
    let { at } = this
    for (let i = this.first; i < offset; i++) at = this.behind(at)
    return at
  }
}
