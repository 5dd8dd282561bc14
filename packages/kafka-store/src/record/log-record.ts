import type { AppendMetadata, RecordedEvent } from '@hindcast/core'
import { HEADER } from './header-names.js'
import { timeOf } from './iso-time.js'
import { readText } from '@hindcast/stream-index'
import { VarintReader } from './varint.js'

type Field = keyof typeof HEADER

const FIELDS = Object.keys(HEADER) as Field[]
/** Where each field's value is noted: its place among {@link FIELDS}. */
const SLOT = Object.fromEntries(FIELDS.map((field, slot) => [field, slot])) as Readonly<Record<Field, number>>
const NAMES = FIELDS.map(field => Buffer.from(HEADER[field]))
const METADATA = ['correlationId', 'causationId', 'actor', 'tenant', 'traceparent'] as const

/** Places that a record notes: the start and the end of each header's value; 0 where it is missing. */
const NOTES = FIELDS.length * 2

/** Room for the notes of a batch's records: an array of each record's own took longer to make than to fill. */
export function notesFor(records: number): Uint32Array {
  return new Uint32Array(records * NOTES)
}

/**
 * A record as it lies in a batch. Making one finds where its parts lie; texts are made when they are asked for, so that a
 * filter pays only for what it reads.
 */
export class LogRecord implements RecordedEvent {
  /** Where the record ends, and the next one begins. */
  readonly end: number
  /** The offset as a number. */
  readonly place: number
  private readonly keyAt: number
  private readonly keyEnd: number
  private readonly valueAt: number
  private readonly valueEnd: number
  /** Where its notes begin. */
  private readonly noted: number
  private typeRead: string | undefined
  private metadataRead: AppendMetadata | undefined

  /**
   * @param at - where the record begins
   * @param notes - of its whole batch
   * @param index - its place in the batch
   */
  constructor(
    readonly partition: number,
    baseOffset: number,
    private readonly bytes: Buffer,
    at: number,
    private readonly notes: Uint32Array,
    index: number,
  ) {
    const reader = new VarintReader(bytes, at)
    const length = reader.next()
    this.end = reader.at + length
    reader.at++
    reader.skip()
    this.place = baseOffset + reader.next()
    const keyLength = reader.next()
    this.keyAt = reader.at
    reader.at = this.keyEnd = this.keyAt + Math.max(keyLength, 0)
    const valueLength = reader.next()
    this.valueAt = valueLength < 0 ? -1 : reader.at
    reader.at = this.valueEnd = reader.at + Math.max(valueLength, 0)
    this.noted = index * NOTES
    noteHeaders(bytes, reader, notes, this.noted)
  }

  /** The record's key: the partition key. */
  get key(): string {
    return readText(this.bytes, this.keyAt, this.keyEnd)
  }

  /** False for a tombstone, which is never an event. */
  get hasValue(): boolean {
    return this.valueAt >= 0
  }

  /** The value's bytes. */
  get value(): Buffer {
    return this.bytes.subarray(this.valueAt, this.valueEnd)
  }

  get data(): string {
    return readText(this.bytes, this.valueAt, this.valueEnd)
  }

  /** A header's text; undefined when the record does not have it. */
  header(field: Field): string | undefined {
    const at = this.noted + SLOT[field] * 2
    const end = this.notes[at + 1]!
    return end === 0 ? undefined : readText(this.bytes, this.notes[at]!, end)
  }

  /** True when it has this header, with these bytes. */
  hasHeader(field: Field, value: Buffer): boolean {
    const at = this.noted + SLOT[field] * 2
    const start = this.notes[at]!
    if (this.notes[at + 1]! - start !== value.length) return false
    for (let i = 0; i < value.length; i++) if (this.bytes[start + i] !== value[i]) return false
    return true
  }

  /** True when both are of one append: it has a command id of its own. */
  isOfAppendOf(other: LogRecord): boolean {
    const at = this.noted + COMMAND_ID
    const otherAt = other.noted + COMMAND_ID
    const start = this.notes[at]!
    const length = this.notes[at + 1]! - start
    const otherStart = other.notes[otherAt]!
    if (other.notes[otherAt + 1]! - otherStart !== length) return false
    for (let i = length - 1; i >= 0; i--)
      if (this.bytes[start + i] !== other.bytes[otherStart + i]) return false
    return true
  }

  /** True when everything is there that makes a record one of our events. */
  get isEvent(): boolean {
    const { notes, noted } = this
    for (let i = 0; i < REQUIRED.length; i++) if (notes[noted + REQUIRED[i]! * 2 + 1] === 0) return false
    return this.hasValue
  }

  get id(): string {
    return this.header('id')!
  }

  get type(): string {
    return (this.typeRead ??= this.header('type')!)
  }

  get stream(): string {
    return this.header('subject')!
  }

  get version(): number {
    return this.number(SLOT.streamVersion)
  }

  get schemaVersion(): number {
    return this.number(SLOT.schemaVersion)
  }

  get time(): number {
    return timeOf(this.header('time')!)
  }

  get commandId(): string {
    return this.header('commandId')!
  }

  get metadata(): AppendMetadata {
    return (this.metadataRead ??= this.readMetadata())
  }

  get offset(): bigint {
    return BigInt(this.place)
  }

  /** A header that is a whole number; NaN when it is none. */
  private number(slot: number): number {
    const at = this.noted + slot * 2
    const end = this.notes[at + 1]!
    let number = 0
    for (let i = this.notes[at]!; i < end; i++) {
      const digit = this.bytes[i]! - DIGIT_0
      if (digit < 0 || digit > 9) return NaN
      number = number * 10 + digit
    }
    return number
  }

  private readMetadata(): AppendMetadata {
    const metadata: { -readonly [K in keyof AppendMetadata]: AppendMetadata[K] } = {}
    for (const field of METADATA) {
      const value = this.header(field)
      if (value !== undefined) metadata[field] = value
    }
    return Object.freeze(metadata)
  }
}

const DIGIT_0 = 0x30
const COMMAND_ID = SLOT.commandId * 2

const REQUIRED: readonly number[] = [
  SLOT.id,
  SLOT.type,
  SLOT.subject,
  SLOT.source,
  SLOT.time,
  SLOT.streamVersion,
  SLOT.schemaVersion,
  SLOT.commandId,
]

function noteHeaders(bytes: Buffer, reader: VarintReader, notes: Uint32Array, noted: number): void {
  const count = reader.next()
  for (let i = 0; i < count; i++) {
    const nameLength = reader.next()
    const nameAt = reader.at
    reader.at += nameLength
    const length = reader.next()
    const slot = slotOf(bytes, nameAt, nameLength)
    if (slot >= 0 && length >= 0) {
      notes[noted + slot * 2] = reader.at
      notes[noted + slot * 2 + 1] = reader.at + length
    }
    reader.at += Math.max(length, 0)
  }
}

/** Which header a name is, -1 for none of ours. Length and two letters find the only candidate. */
function slotOf(bytes: Buffer, at: number, length: number): number {
  if (length < MIN_NAME || length > MAX_NAME) return -1
  const slot = CANDIDATES[length * 256 + telling(bytes, at)]!
  if (slot < 0) return -1
  const name = NAMES[slot]!
  for (let i = 0; i < length; i++) if (bytes[at + i] !== name[i]) return -1
  return slot
}

const MIN_NAME = Math.min(...NAMES.map(name => name.length))
const MAX_NAME = Math.max(...NAMES.map(name => name.length))
const CANDIDATES = new Int8Array((MAX_NAME + 1) * 256).fill(-1)
NAMES.forEach((name, slot) => (CANDIDATES[name.length * 256 + telling(name, 0)] = slot))

/** No two of our names have the same length and the same of these; a test sees to it. */
function telling(bytes: Buffer, at: number): number {
  return (2 * bytes[at + 3]! + bytes[at + 4]!) & 0xff
}
