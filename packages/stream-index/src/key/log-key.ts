import type { KeyCodec } from './key-codec.js'

/** A place in the log. */
export interface LogKey {
  /** The partition. */
  readonly partition: number
  /** The offset in it. */
  readonly offset: number
}

/** Partition (u16) and offset (u48), big-endian: the order of a partition's offsets is the order of the table. */
export const logKeys: KeyCodec<LogKey> = {
  writeKey({ partition, offset }, target, start) {
    target[start] = partition >>> 8
    target[start + 1] = partition & 0xff
    return target.writeUIntBE(offset, start + 2, 6)
  },
  readKey(source, start) {
    return { partition: source.readUInt16BE(start), offset: source.readUIntBE(start + 2, 6) }
  },
}
