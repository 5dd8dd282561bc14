import { WRITE_BYTES } from './layout.js'
import { StoredEvent } from './stored-event.js'
import type { StoredAppend } from './stored-append.js'
import { readUint16, readUint32, readUint48, skipText, textAt } from './stored-append.js'

/** What one append gave to one stream, as it lies in a buffer. */
export class StoredWrite {
  private readonly fixedAt: number

  /**
   * @param at - where the write begins in the append's bytes
   * @param offset - of its first event
   */
  constructor(
    /** The append it is part of. */
    readonly append: StoredAppend,
    private readonly at: number,
    /** The place in the partition. */
    readonly offset: number,
  ) {
    this.fixedAt = skipText(append.bytes, at)
  }

  /** The stream id. */
  get stream(): string {
    return textAt(this.append.bytes, this.at)
  }

  /** The version of its first event. */
  get firstVersion(): number {
    return readUint48(this.append.bytes, this.fixedAt)
  }

  /** The offset of the stream's append before this one, 0 for none. */
  get before(): number {
    return readUint48(this.append.bytes, this.fixedAt + 6)
  }

  /** The events. */
  get events(): number {
    return readUint16(this.append.bytes, this.fixedAt + 12)
  }

  /** Where the write ends, and the next one of its append begins. */
  get end(): number {
    return this.fixedAt + WRITE_BYTES + readUint32(this.append.bytes, this.fixedAt + 14)
  }

  /** Adds its events with versions of `lowest` to `highest` to a list, in order. */
  collect(into: StoredEvent[], stream: string, lowest: number, highest: number): void {
    let at = this.fixedAt + WRITE_BYTES
    const first = this.firstVersion
    const count = this.events
    for (let i = 0; i < count && first + i <= highest; i++) {
      const event = new StoredEvent(this.append, at, stream, first + i, this.offset + i)
      if (first + i >= lowest) into.push(event)
      at = event.end
    }
  }
}

/** The writes of an append, in order. */
export function writesOf(append: StoredAppend): StoredWrite[] {
  const writes: StoredWrite[] = []
  let at = append.writesAt
  let { offset } = append
  for (let i = append.writes; i > 0; i--) {
    const write = new StoredWrite(append, at, offset)
    writes.push(write)
    at = write.end
    offset += write.events
  }
  return writes
}

/** The write of an append to one stream. */
export function writeTo(append: StoredAppend, stream: string): StoredWrite | undefined {
  if (append.writes === 1) return new StoredWrite(append, append.writesAt, append.offset)
  return writesOf(append).find(write => write.stream === stream)
}
