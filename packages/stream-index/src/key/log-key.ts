/** Partition (u16) and offset (u48), big-endian: the log's order is LMDB's order. */
const LOG_KEY_BYTES = 8

/** Writes the key of a log record into `target`, which has 8 bytes. */
export function setLogKey(target: Buffer, partition: number, offset: number): Buffer {
  target[0] = partition >>> 8
  target[1] = partition & 0xff
  target.writeUIntBE(offset, 2, 6)
  return target
}

/** A log key of its own. */
export function logKey(partition: number, offset: number): Buffer {
  return setLogKey(Buffer.allocUnsafe(LOG_KEY_BYTES), partition, offset)
}

/** What a log key says. */
export function parseLogKey(key: Uint8Array): { readonly partition: number; readonly offset: number } {
  const bytes = Buffer.from(key.buffer, key.byteOffset, key.byteLength)
  return { partition: bytes.readUInt16BE(0), offset: bytes.readUIntBE(2, 6) }
}
