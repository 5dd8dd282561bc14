import { crc32 } from 'node:zlib'
import { LogIntegrityError } from '@hindcast/core'
import { RecordRun } from '../record/record-run.js'

/**
 * The value of a log entry: appends that stand side by side in one batch of the log, as they are there.
 *
 * ```
 * 0  u32 CRC-32 of the rest   4  u48 base offset of the batch   10 u16 records   12 the records, as Kafka has them
 * ```
 */
const HEAD_BYTES = 12
/**
 * An entry has no more bytes of records, unless they are of a single append. A read of one event copies it whole; and a page
 * of LMDB that holds a large value holds nothing else, so it should fill whole pages: two, without their header.
 */
export const CHUNK_BYTES: number = 2 * 4096 - 16 - HEAD_BYTES

let scratch = Buffer.allocUnsafeSlow(65_536)

/** Encodes an entry. @returns bytes that the next call overwrites */
export function encodeChunk({ base, count, bytes, at, end }: RecordRun): Buffer {
  const length = HEAD_BYTES + end - at
  if (length > scratch.length) scratch = Buffer.allocUnsafeSlow(length * 2)
  scratch.writeUIntLE(base, 4, 6)
  scratch.writeUInt16LE(count, 10)
  bytes.copy(scratch, HEAD_BYTES, at, end)
  const chunk = scratch.subarray(0, length)
  chunk.writeUInt32LE(crc32(chunk.subarray(4)), 0)
  return chunk
}

/** Reads what {@link encodeChunk} wrote. @throws LogIntegrityError when it is damaged */
export function decodeChunk(partition: number, first: number, chunk: Buffer): RecordRun {
  if (chunk.length <= HEAD_BYTES || crc32(chunk.subarray(4)) !== chunk.readUInt32LE(0))
    throw new LogIntegrityError(
      `the records at offset ${first} of partition ${partition} are damaged in the index: they do not have the checksum that was written with them. Delete its folder, it is filled again`,
      { partition, offset: first },
    )
  const base = chunk.readUIntLE(4, 6)
  return new RecordRun(partition, base, first, chunk.readUInt16LE(10), chunk, HEAD_BYTES, chunk.length)
}
