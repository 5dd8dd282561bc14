import { createHash } from 'node:crypto'
import { readText, writeText } from '../record/text.js'
import type { KeyCodec } from './key-codec.js'

/** Longer ids are kept by their hash; LMDB's longest key is 1,978 bytes. */
const MAX_PLAIN_BYTES = 512
/** Shorter ids fit without counting their bytes. */
const SURELY_PLAIN = Math.floor(MAX_PLAIN_BYTES / 3)
/** No stream id begins with this byte: an id is UTF-8 that begins with a small letter. */
const HASHED = 0xff

/** A stream's id; or a SHA-256 of it when it is very long. */
export const streamKeys: KeyCodec<string> = {
  writeKey(stream, target, start) {
    if (stream.length > SURELY_PLAIN && Buffer.byteLength(stream) > MAX_PLAIN_BYTES) {
      target[start] = HASHED
      return (
        start +
        1 +
        createHash('sha256')
          .update(stream)
          .digest()
          .copy(target, start + 1)
      )
    }
    return start + writeText(target, stream, start)
  },
  readKey: readText,
}
