import type { AppendMetadata, RecordedEvent } from '@hindcast/core'
import { readText } from './text.js'
import type { StoredAppend } from './stored-append.js'
import { readUint32, skipText, textAt } from './stored-append.js'

/** Schema version and length of the data. */
const FIXED_BYTES = 12

/** An event as it lies in a buffer: texts are made when they are asked for, so that a filter pays only for what it reads. */
export class StoredEvent implements RecordedEvent {
  private readonly fixedAt: number
  private typeRead: string | undefined

  /** @param at - where the event begins in the append's bytes */
  constructor(
    private readonly append: StoredAppend,
    private readonly at: number,
    /** The stream id. */
    readonly stream: string,
    /** The version. */
    readonly version: number,
    private readonly place: number,
  ) {
    this.fixedAt = skipText(append.bytes, skipText(append.bytes, at))
  }

  /** Where the event ends, and the next one of its write begins. */
  get end(): number {
    return this.fixedAt + FIXED_BYTES + readUint32(this.append.bytes, this.fixedAt + 8)
  }

  /** The event's id, unique in the log. */
  get id(): string {
    return textAt(this.append.bytes, this.at)
  }

  /** The type. */
  get type(): string {
    return (this.typeRead ??= textAt(this.append.bytes, skipText(this.append.bytes, this.at)))
  }

  /** The version of its shape. */
  get schemaVersion(): number {
    return this.append.bytes.readDoubleLE(this.fixedAt)
  }

  /** The payload's JSON text. */
  get data(): string {
    return readText(this.append.bytes, this.fixedAt + FIXED_BYTES, this.end)
  }

  /** The partition. */
  get partition(): number {
    return this.append.partition
  }

  /** The place in the partition. */
  get offset(): bigint {
    return BigInt(this.place)
  }

  /** Milliseconds since 1970. */
  get time(): number {
    return this.append.time
  }

  /** The id of the command. */
  get commandId(): string {
    return this.append.commandId
  }

  /** On whose behalf, and what belongs together. */
  get metadata(): AppendMetadata {
    return this.append.metadata
  }
}
