import { readUint16, readUint48 } from '../record/stored-append.js'

/** Where a stream stands. */
export interface StreamHead {
  /** The partition. */
  readonly partition: number
  /** The version of its last event. */
  readonly version: number
  /** The offset of the first event of its last append. */
  readonly lastAppend: number
  /** The first version that is in no page: pages hold everything below it. */
  readonly unpagedFrom: number
  /** How many appends of it are in no page. */
  readonly unpagedAppends: number
  /** The id of its last event, where it is at hand. */
  readonly lastEventId?: string
}

const HEAD_BYTES = 21

/** 21 bytes, so that the heads of a million streams stay small. @returns bytes of their own */
export function encodeHead(head: StreamHead): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD_BYTES)
  bytes.writeUInt16LE(head.partition, 0)
  bytes.writeUIntLE(head.version, 2, 6)
  bytes.writeUIntLE(head.lastAppend, 8, 6)
  bytes.writeUIntLE(head.unpagedFrom, 14, 6)
  bytes[20] = head.unpagedAppends
  return bytes
}

/** Reads what {@link encodeHead} wrote. */
export function decodeHead(bytes: Buffer): StreamHead {
  return {
    partition: readUint16(bytes, 0),
    version: readUint48(bytes, 2),
    lastAppend: readUint48(bytes, 8),
    unpagedFrom: readUint48(bytes, 14),
    unpagedAppends: bytes[20]!,
  }
}
