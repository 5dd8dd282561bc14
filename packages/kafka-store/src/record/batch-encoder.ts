import type { AppendMetadata, NewEvent } from '@hindcast/core'
import { BATCH, LENGTH_END } from './batch-layout.js'
import { crc32c } from './crc32c.js'
import { HEADER, sourceOf } from './header-names.js'
import { isoTime } from './iso-time.js'
import { MAX_UTF8, preparedHeader, preparedName, RecordWriter, type Prepared } from './record-writer.js'

/** An append as the log is to hold it. */
export interface EncodableAppend {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly commandId: string
  readonly command?: string | undefined
  readonly result?: string | undefined
  readonly metadata?: AppendMetadata | undefined
  /** Each stream once. */
  readonly writes: readonly EncodableWrite[]
  /** For each write: the version of its last event; the others lie below without a gap. */
  readonly versions: readonly number[]
}

/** What an append gives to one stream. */
export interface EncodableWrite {
  readonly stream: string
  /** At least one. */
  readonly events: readonly NewEvent[]
  /** The record's key. Default: the stream. */
  readonly partitionKey?: string | undefined
}

/** What stands at the head of a batch. */
export interface BatchHead {
  readonly producerId: bigint
  readonly epoch: number
  readonly sequence: number
  /** Of all its records; milliseconds since 1970. */
  readonly timestamp: number
}

const NAME = Object.fromEntries(
  Object.entries(HEADER).map(([field, name]) => [field, preparedName(name)]),
) as Readonly<Record<keyof typeof HEADER, Prepared>>

const METADATA = ['correlationId', 'causationId', 'actor', 'tenant', 'traceparent'] as const
const FIXED_HEADERS = 10
/** More than the framing and all names of an event's headers take. */
const OVERHEAD_BYTES = 512
const FIRST_BYTES = 65_536

/** Encodes appends into a record batch, in one buffer that the next batch overwrites. */
export class BatchEncoder {
  private readonly writer = new RecordWriter(FIRST_BYTES)
  private readonly constant: Prepared
  /** The headers that many events which follow each other share, and for which of them. */
  private shared: Prepared = Buffer.alloc(0)
  private sharedType = ''
  private sharedVersion = NaN
  private records = 0

  constructor(logId: string) {
    this.constant = Buffer.concat([
      preparedHeader(HEADER.specVersion, '1.0'),
      preparedHeader(HEADER.contentType, 'application/json'),
      preparedHeader(HEADER.source, sourceOf(logId)),
    ])
  }

  /** How many bytes the batch has so far. */
  get bytes(): number {
    return this.writer.at
  }

  /** Begins a batch. */
  begin(): void {
    this.writer.at = BATCH.records
    this.records = 0
  }

  /** Adds an append. @param after - the batch's `ce_after`, which its first record carries */
  add(append: EncodableAppend, after: number): void {
    const last = append.writes.length - 1
    for (let w = 0; w <= last; w++) {
      const write = append.writes[w]!
      for (let e = 0; e < write.events.length; e++)
        this.addEvent(append, write, e, append.versions[w]!, after, w === last)
    }
  }

  /** Ends the batch. @returns bytes that the next batch overwrites */
  end(head: BatchHead): Buffer {
    const { buffer, at } = this.writer
    writeHead(buffer, at, this.records, head)
    return buffer.subarray(0, at)
  }

  private addEvent(
    append: EncodableAppend,
    write: EncodableWrite,
    index: number,
    lastVersion: number,
    after: number,
    isLast: boolean,
  ): void {
    const { writer } = this
    const event = write.events[index]!
    const following = write.events.length - 1 - index
    const ends = isLast && following === 0
    const { data } = event
    writer.reserve(sizeOf(append, write, event.id, event.type, data.length))
    const start = writer.beginRecord()
    writer.buffer[writer.at++] = 0
    writer.buffer[writer.at++] = 0
    writer.varint(this.records)
    writer.text(write.partitionKey ?? write.stream)
    writer.text(data)
    const first = this.records === 0
    writer.varint(FIXED_HEADERS + countOptional(append, ends) + (first ? 1 : 0))
    if (first) writer.header(NAME.after, String(after))
    writer.bytes(this.sharedHeaders(event))
    writer.header(NAME.id, event.id)
    writer.header(NAME.subject, write.stream)
    writer.header(NAME.time, isoTime(append.time))
    writer.header(NAME.streamVersion, String(lastVersion - following))
    writer.header(NAME.commandId, append.commandId)
    this.addOptional(append, ends)
    writer.endRecord(start)
    this.records++
  }

  private sharedHeaders({ type, schemaVersion }: NewEvent): Prepared {
    if (type === this.sharedType && schemaVersion === this.sharedVersion) return this.shared
    this.sharedType = type
    this.sharedVersion = schemaVersion
    this.shared = Buffer.concat([
      this.constant,
      preparedHeader(HEADER.type, type),
      preparedHeader(HEADER.schemaVersion, String(schemaVersion)),
    ])
    return this.shared
  }

  private addOptional({ metadata, command, result }: EncodableAppend, ends: boolean): void {
    const { writer } = this
    if (metadata)
      for (const field of METADATA) {
        const value = metadata[field]
        if (value !== undefined) writer.header(NAME[field], value)
      }
    if (!ends) return
    if (command !== undefined) writer.header(NAME.command, command)
    if (result !== undefined) writer.header(NAME.result, result)
  }
}

/** Fills in the head of a batch whose records end at `end`, and protects it with its checksum. */
export function writeHead(buffer: Buffer, end: number, records: number, head: BatchHead): void {
  buffer.writeBigInt64BE(0n, BATCH.baseOffset)
  buffer.writeInt32BE(end - LENGTH_END, BATCH.length)
  buffer.writeInt32BE(-1, BATCH.leaderEpoch)
  buffer[BATCH.magic] = 2
  buffer.writeInt16BE(0, BATCH.attributes)
  buffer.writeInt32BE(records - 1, BATCH.lastOffsetDelta)
  const timestamp = BigInt(head.timestamp)
  buffer.writeBigInt64BE(timestamp, BATCH.baseTimestamp)
  buffer.writeBigInt64BE(timestamp, BATCH.maxTimestamp)
  buffer.writeBigInt64BE(head.producerId, BATCH.producerId)
  buffer.writeInt16BE(head.epoch, BATCH.producerEpoch)
  buffer.writeInt32BE(head.sequence, BATCH.baseSequence)
  buffer.writeInt32BE(records, BATCH.count)
  buffer.writeUInt32BE(crc32c(buffer, BATCH.attributes, end), BATCH.crc)
}

function countOptional({ metadata, command, result }: EncodableAppend, ends: boolean): number {
  let count = 0
  if (metadata) for (const field of METADATA) if (metadata[field] !== undefined) count++
  if (ends && command !== undefined) count++
  if (ends && result !== undefined) count++
  return count
}

/** More than a record can take. */
function sizeOf(
  append: EncodableAppend,
  write: EncodableWrite,
  id: string,
  type: string,
  data: number,
): number {
  let units = id.length + type.length + data + 2 * write.stream.length + append.commandId.length
  units += (write.partitionKey?.length ?? 0) + (append.command?.length ?? 0) + (append.result?.length ?? 0)
  const { metadata } = append
  if (metadata) for (const field of METADATA) units += metadata[field]?.length ?? 0
  return units * MAX_UTF8 + OVERHEAD_BYTES
}
