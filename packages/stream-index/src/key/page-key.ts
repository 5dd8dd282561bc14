import type { KeyCodec } from './key-codec.js'
import { streamKeys } from './stream-key.js'

/** The page of a stream that begins with a version. */
export interface PageKey {
  /** A stream's id; of a page that was found its key, as Latin-1. */
  readonly stream: string
  /** The version. */
  readonly firstVersion: number
}

const VERSION_BYTES = 6
const scratch = Buffer.allocUnsafeSlow(1024)

/** The stream's key, a zero byte (which no stream's key in plain text has), and the version (u48): a stream's pages lie side by side. */
export const pageKeys: KeyCodec<PageKey> = {
  writeKey({ stream, firstVersion }, target, start) {
    const end = streamKeys.writeKey(stream, target, start)
    target[end] = 0
    return target.writeUIntBE(firstVersion, end + 1, VERSION_BYTES)
  },
  readKey(source, start, end) {
    return {
      stream: source.toString('latin1', start, end - VERSION_BYTES - 1),
      firstVersion: source.readUIntBE(end - VERSION_BYTES, VERSION_BYTES),
    }
  },
}

/** True when a page key that was found belongs to the stream. */
export function isPageOf(found: PageKey, stream: string): boolean {
  return found.stream === scratch.toString('latin1', 0, streamKeys.writeKey(stream, scratch, 0))
}
