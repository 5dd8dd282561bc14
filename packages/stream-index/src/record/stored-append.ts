import type { AppendMetadata } from '@hindcast/core'
import { readUuid, UUID_BYTES } from '../key/uuid.js'
import { FLAG, HEAD_BYTES, METADATA_FIELDS, UUID_MARK } from './layout.js'
import { readText } from './text.js'

/** An append as it lies in a buffer: read where it is asked, not before. */
export class StoredAppend {
  /** Where the first write begins. */
  readonly writesAt: number
  private metadataRead: AppendMetadata | undefined
  private commandIdRead: string | undefined

  /**
   * @param bytes - holds the append, and never changes
   * @param at - where it begins there
   * @param offset - of its first event
   */
  constructor(
    /** The encoded append. */
    readonly bytes: Buffer,
    /** Where it starts in the bytes. */
    readonly at: number,
    /** How many bytes it has. */
    readonly length: number,
    /** The partition. */
    readonly partition: number,
    /** The place in the partition. */
    readonly offset: number,
  ) {
    let position = skipText(bytes, at + HEAD_BYTES)
    for (let flags = bytes[at + 5]!; flags > 0; flags >>>= 1)
      if (flags & 1) position = skipText(bytes, position)
    this.writesAt = position
  }

  /** All its bytes. */
  get raw(): Buffer {
    return this.bytes.subarray(this.at, this.at + this.length)
  }

  /** How many streams it wrote. */
  get writes(): number {
    return readUint16(this.bytes, this.at + 6)
  }

  /** How many events it has. */
  get events(): number {
    return readUint16(this.bytes, this.at + 8)
  }

  /** Milliseconds since 1970. */
  get time(): number {
    return this.bytes.readDoubleLE(this.at + 10)
  }

  /** The id of the command. */
  get commandId(): string {
    return (this.commandIdRead ??= textAt(this.bytes, this.at + HEAD_BYTES))
  }

  /** The command's persisted name. */
  get command(): string | undefined {
    return this.optional(FLAG.command)
  }

  /** What the handler returned. */
  get result(): string | undefined {
    return this.optional(FLAG.result)
  }

  /** On whose behalf, and what belongs together. */
  get metadata(): AppendMetadata {
    return (this.metadataRead ??= this.readMetadata())
  }

  private readMetadata(): AppendMetadata {
    const metadata: { -readonly [K in keyof AppendMetadata]: AppendMetadata[K] } = {}
    if (this.bytes[this.at + 5]! >= FLAG.correlationId)
      for (const field of METADATA_FIELDS) {
        const value = this.optional(FLAG[field])
        if (value !== undefined) metadata[field] = value
      }
    return metadata
  }

  private optional(flag: number): string | undefined {
    const flags = this.bytes[this.at + 5]!
    if (!(flags & flag)) return undefined
    let position = skipText(this.bytes, this.at + HEAD_BYTES)
    for (let other = 1; other < flag; other <<= 1)
      if (flags & other) position = skipText(this.bytes, position)
    return textAt(this.bytes, position)
  }
}

/** Reads a text with its length in front. */
export function textAt(bytes: Buffer, at: number): string {
  const length = readUint16(bytes, at)
  return length === UUID_MARK ? readUuid(bytes, at + 2) : readText(bytes, at + 2, at + 2 + length)
}

/** Where the text that begins here ends. */
export function skipText(bytes: Buffer, at: number): number {
  const length = readUint16(bytes, at)
  return at + 2 + (length === UUID_MARK ? UUID_BYTES : length)
}

export function readUint16(bytes: Buffer, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8)
}

export function readUint32(bytes: Buffer, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
}

export function readUint48(bytes: Buffer, at: number): number {
  return readUint32(bytes, at) + readUint16(bytes, at + 4) * 0x1_0000_0000
}
