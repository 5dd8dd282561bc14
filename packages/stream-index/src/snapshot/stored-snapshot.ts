import { crc32 } from 'node:zlib'
import { SnapshotDamagedError, type Snapshot } from '@hindcast/core'

/**
 * The bytes of a snapshot, all numbers little-endian:
 *
 * ```
 * 0   u32  CRC-32 of stream, fingerprint and what follows
 * 4   u8   the layout's version
 * 5   f64  when it was saved, ms since 1970
 * 13  u48  version
 * 19  u16  bytes of the event's id, the id in UTF-8
 *          the state in UTF-8
 * ```
 */
const LAYOUT_VERSION = 1
const SAVED_AT = 5
const VERSION = 13
const HEAD_BYTES = 21

/** A snapshot as it is kept. */
export interface StoredSnapshot extends Snapshot {
  /** When it was saved, in milliseconds since 1970. */
  readonly savedAt: number
}

/** Encodes a snapshot. */
export function encodeSnapshot(snapshot: Snapshot, savedAt: number): Buffer {
  const { version, lastEventId, state } = snapshot
  const idBytes = Buffer.byteLength(lastEventId)
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + idBytes + Buffer.byteLength(state))
  bytes[4] = LAYOUT_VERSION
  bytes.writeDoubleLE(savedAt, SAVED_AT)
  bytes.writeUIntLE(version, VERSION, 6)
  bytes.writeUInt16LE(idBytes, HEAD_BYTES - 2)
  bytes.write(lastEventId, HEAD_BYTES)
  bytes.write(state, HEAD_BYTES + idBytes)
  bytes.writeUInt32LE(checksum(snapshot, bytes), 0)
  return bytes
}

/** Reads a snapshot. @throws SnapshotDamagedError */
export function decodeSnapshot(stream: string, fingerprint: string, bytes: Buffer): StoredSnapshot {
  const fail = (reason: string): never => {
    throw new SnapshotDamagedError(stream, fingerprint, reason)
  }
  if (bytes.length < HEAD_BYTES) fail(`it has ${bytes.length} bytes`)
  if (bytes.readUInt32LE(0) !== checksum({ stream, fingerprint }, bytes)) fail('its checksum differs')
  if (bytes[4] !== LAYOUT_VERSION) fail(`its layout is ${bytes[4]}, this version of the library reads 1`)
  const idEnd = HEAD_BYTES + bytes.readUInt16LE(HEAD_BYTES - 2)
  return {
    stream,
    fingerprint,
    savedAt: bytes.readDoubleLE(SAVED_AT),
    version: bytes.readUIntLE(VERSION, 6),
    lastEventId: bytes.toString('utf8', HEAD_BYTES, idEnd),
    state: bytes.toString('utf8', idEnd),
  }
}

/** Covers the key as well: a snapshot under a wrong one is as damaged as a torn one. */
function checksum({ stream, fingerprint }: Pick<Snapshot, 'stream' | 'fingerprint'>, bytes: Buffer): number {
  return crc32(bytes.subarray(4), crc32(`${stream} ${fingerprint}`))
}
