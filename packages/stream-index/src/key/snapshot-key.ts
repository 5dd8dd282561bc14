import { readText, writeText } from '../record/text.js'
import type { KeyCodec } from './key-codec.js'
import { streamKeys } from './stream-key.js'

/** The snapshot of a stream that a build made. */
export interface SnapshotKey {
  /** A stream's id; of a snapshot that was found its key, as Latin-1. */
  readonly stream: string
  readonly fingerprint: string
}

const scratch = Buffer.allocUnsafeSlow(1024)

/** The stream's key, a zero byte (which no fingerprint has), and the fingerprint: a stream's snapshots lie side by side. */
export const snapshotKeys: KeyCodec<SnapshotKey> = {
  writeKey({ stream, fingerprint }, target, start) {
    const end = streamKeys.writeKey(stream, target, start)
    target[end] = 0
    return end + 1 + writeText(target, fingerprint, end + 1)
  },
  readKey(source, start, end) {
    const zero = source.subarray(start, end).lastIndexOf(0) + start
    return {
      stream: source.toString('latin1', start, zero),
      fingerprint: readText(source, zero + 1, end),
    }
  },
}

/** True when a key that was found belongs to the stream. */
export function isSnapshotOf(found: SnapshotKey, stream: string): boolean {
  return found.stream === scratch.toString('latin1', 0, streamKeys.writeKey(stream, scratch, 0))
}
