import { gunzipSync } from 'node:zlib'
import { ATTRIBUTE, BATCH, CODECS, LENGTH_END, type Codec } from './batch-layout.js'
import { crc32c } from './crc32c.js'
import { CodecError, DamagedBatchError } from './errors.js'
import { LogRecord, notesFor } from './log-record.js'
import { RecordRun } from './record-run.js'

/** The fewest bytes that a record can have. */
const SMALLEST_RECORD = 7

/** A record batch as it came from a broker: its head is read where it is asked, its records only on demand. */
export class RecordBatch {
  private unpacked: Buffer | undefined

  /**
   * @param bytes - holds the whole batch, and never changes
   * @param at - where it begins there
   */
  constructor(
    readonly partition: number,
    readonly bytes: Buffer,
    private readonly at: number,
  ) {}

  /** The offset of its first record. */
  get baseOffset(): number {
    return Number(this.bytes.readBigInt64BE(this.at + BATCH.baseOffset))
  }

  /** The offset of its last record. */
  get lastOffset(): number {
    return this.baseOffset + this.bytes.readInt32BE(this.at + BATCH.lastOffsetDelta)
  }

  /** How many sequence numbers and offsets it takes. */
  get span(): number {
    return this.bytes.readInt32BE(this.at + BATCH.lastOffsetDelta) + 1
  }

  get crc(): number {
    return this.bytes.readUInt32BE(this.at + BATCH.crc)
  }

  get producerId(): bigint {
    return this.bytes.readBigInt64BE(this.at + BATCH.producerId)
  }

  get epoch(): number {
    return this.bytes.readInt16BE(this.at + BATCH.producerEpoch)
  }

  get sequence(): number {
    return this.bytes.readInt32BE(this.at + BATCH.baseSequence)
  }

  /** The latest timestamp of its records, in ms since 1970. */
  get timestamp(): number {
    return Number(this.bytes.readBigInt64BE(this.at + BATCH.maxTimestamp))
  }

  get codec(): Codec {
    return CODECS[this.attributes & ATTRIBUTE.codec] ?? 'none'
  }

  /** True for the records with which Kafka ends transactions. */
  get isControl(): boolean {
    return (this.attributes & ATTRIBUTE.control) !== 0
  }

  /** Where the batch ends in its bytes. */
  get end(): number {
    return this.at + LENGTH_END + this.bytes.readInt32BE(this.at + BATCH.length)
  }

  /** All its bytes. */
  get raw(): Buffer {
    return this.bytes.subarray(this.at, this.end)
  }

  /** @throws DamagedBatchError when the bytes do not have their checksum. */
  checkCrc(): void {
    if (crc32c(this.bytes, this.at + BATCH.attributes, this.end) !== this.crc)
      throw new DamagedBatchError(this.partition, this.baseOffset, 'the checksum (CRC-32C) differs')
  }

  /**
   * Its records, in order.
   *
   * @throws CodecError for any codec but gzip; DamagedBatchError
   */
  records(): LogRecord[] {
    const { bytes, start } = this.plain()
    const count = this.bytes.readInt32BE(this.at + BATCH.count)
    const records: LogRecord[] = []
    const base = this.baseOffset
    if (count < 0 || count * SMALLEST_RECORD > bytes.length - start)
      throw new DamagedBatchError(this.partition, base, `it cannot have ${count} records`)
    const notes = notesFor(count)
    let at = start
    for (let i = 0; i < count; i++) {
      const record = new LogRecord(this.partition, base, bytes, at, notes, i)
      if (record.end > bytes.length) throw new DamagedBatchError(this.partition, base, 'a record is cut')
      records.push(record)
      at = record.end
    }
    return records
  }

  /** Its records as bytes. @throws CodecError for any codec but gzip */
  run(): RecordRun {
    const { bytes, start, end } = this.plain()
    return new RecordRun(this.partition, this.baseOffset, this.baseOffset, this.span, bytes, start, end)
  }

  private get attributes(): number {
    return this.bytes.readInt16BE(this.at + BATCH.attributes)
  }

  private plain(): { bytes: Buffer; start: number; end: number } {
    const { codec } = this
    if (codec === 'none') return { bytes: this.bytes, start: this.at + BATCH.records, end: this.end }
    if (codec !== 'gzip') throw new CodecError(this.partition, this.baseOffset, codec)
    const bytes = (this.unpacked ??= gunzipSync(this.bytes.subarray(this.at + BATCH.records, this.end)))
    return { bytes, start: 0, end: bytes.length }
  }
}

/**
 * The whole batches in what a fetch returned; the last one may be cut off, and is left out.
 *
 * @throws DamagedBatchError for a format older than magic 2.
 */
export function splitBatches(partition: number, bytes: Buffer): RecordBatch[] {
  const batches: RecordBatch[] = []
  let at = 0
  while (at + BATCH.records <= bytes.length) {
    const end = at + LENGTH_END + bytes.readInt32BE(at + BATCH.length)
    if (end > bytes.length) break
    const batch = new RecordBatch(partition, bytes, at)
    if (bytes[at + BATCH.magic] !== 2)
      throw new DamagedBatchError(
        partition,
        batch.baseOffset,
        `record format ${bytes[at + BATCH.magic]} is older than Kafka 0.11`,
      )
    batches.push(batch)
    at = end
  }
  return batches
}
