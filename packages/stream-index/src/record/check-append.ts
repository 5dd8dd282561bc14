import { crc32 } from 'node:zlib'
import { LogIntegrityError } from '@hindcast/core'
import { LAYOUT_VERSION } from './layout.js'
import { readUint32 } from './stored-append.js'

/** The checksum is made while its own four bytes are zero. */
const ZEROS = crc32(Buffer.alloc(4))

/** The checksum of an append whose first four bytes are zero. */
export function checksum(bytes: Buffer): number {
  return crc32(bytes)
}

/** True when an append has the checksum that was written with it. @param at - where it begins in the bytes */
export function isIntact(bytes: Buffer, at: number, length: number): boolean {
  const known = length > 4 && bytes[at + 4] === LAYOUT_VERSION
  return known && crc32(bytes.subarray(at + 4, at + length), ZEROS) === readUint32(bytes, at)
}

/**
 * Compares the checksum of an append with its bytes.
 *
 * @param at - where it begins in the bytes
 * @throws LogIntegrityError when they differ: the bytes are not those that were written.
 */
export function checkAppend(
  bytes: Buffer,
  at: number,
  length: number,
  partition: number,
  offset: number,
): void {
  if (isIntact(bytes, at, length)) return
  throw new LogIntegrityError(
    `the append at offset ${offset} of partition ${partition} is damaged: its ${length} bytes do not have the checksum that was written with them. Restore the folder from a backup`,
    { partition, offset, bytes: length },
  )
}
