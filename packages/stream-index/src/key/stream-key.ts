import { createHash } from 'node:crypto'

/** Longer ids are kept by their hash; LMDB's longest key is 1,978 bytes. */
const MAX_PLAIN_BYTES = 512
/** No stream id begins with it, nor has a byte 0: ids are UTF-8 that begins with a small letter, without control characters. */
const HASHED = 0xff
const VERSION_BYTES = 6

/** The key of a stream: its id, or, when that is very long, a SHA-256 of it. */
export function streamKey(stream: string): Buffer {
  const plain = Buffer.from(stream, 'utf8')
  if (plain.length <= MAX_PLAIN_BYTES) return plain
  return Buffer.concat([Buffer.of(HASHED), createHash('sha256').update(plain).digest()])
}

/** The key of the page of a stream that begins with a version. The pages of a stream lie side by side, in order. */
export function pageKey(stream: Buffer, firstVersion: number): Buffer {
  const key = Buffer.allocUnsafe(stream.length + 1 + VERSION_BYTES)
  key.set(stream)
  key[stream.length] = 0
  key.writeUIntBE(firstVersion, stream.length + 1, VERSION_BYTES)
  return key
}

/** True when a page key belongs to the stream. */
export function isPageOf(key: Uint8Array, stream: Buffer): boolean {
  return key.length === stream.length + 1 + VERSION_BYTES && stream.equals(key.subarray(0, stream.length))
}
