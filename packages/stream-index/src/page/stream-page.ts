import { crc32 } from 'node:zlib'
import { LogIntegrityError } from '@hindcast/core'
import { readUint32, readUint48 } from '../record/stored-append.js'

/**
 * A page holds a run of appends of one stream, so that a long stream is read with few look-ups, and in order. A
 * u32 CRC-32 of the rest, then items, one behind the other: u48 offset of the append, u32 its bytes, then these bytes; or 0 bytes, when the append is large and is
 * only referred to.
 */
export interface PageItem {
  readonly offset: number
  /** The append, or undefined where the page only refers to it. */
  readonly bytes: Buffer | undefined
}

/** After so many appends of a stream its next page is written. */
export const APPENDS_PER_PAGE = 64
/** An append up to this size is copied into the page; a larger one costs more to copy than to look up. */
const MAX_COPIED_BYTES = 1024
const ITEM_BYTES = 10
const SUM_BYTES = 4

/** Encodes a page. */
export function encodePage(items: readonly PageItem[]): Buffer {
  const sum = Buffer.allocUnsafe(SUM_BYTES)
  const parts: Buffer[] = [sum]
  for (const { offset, bytes } of items) {
    const copied = bytes !== undefined && bytes.length <= MAX_COPIED_BYTES
    const frame = Buffer.allocUnsafe(ITEM_BYTES)
    frame.writeUIntLE(offset, 0, 6)
    frame.writeUInt32LE(copied ? bytes.length : 0, 6)
    parts.push(frame)
    if (copied) parts.push(bytes)
  }
  const page = Buffer.concat(parts)
  page.writeUInt32LE(crc32(page.subarray(SUM_BYTES)), 0)
  return page
}

/**
 * Compares the checksum of a page with its bytes.
 *
 * @throws LogIntegrityError when they differ.
 */
export function checkPage(page: Buffer, stream: string, firstVersion: number): void {
  if (page.length > SUM_BYTES && crc32(page.subarray(SUM_BYTES)) === readUint32(page, 0)) return
  throw new LogIntegrityError(
    `the page of stream "${stream}" at version ${firstVersion} does not have the checksum that was written with it. Restore the folder from a backup`,
    { stream, version: firstVersion },
  )
}

/** Where an item of a page lies. */
export interface PageSlot {
  readonly offset: number
  /** Where its append begins in the page's bytes. */
  readonly at: number
  /** How many bytes it has; 0 when it is only referred to. */
  readonly length: number
}

/** Reads what {@link encodePage} wrote. @param length - how many of the bytes belong to the page, from `start` on */
export function pageSlots(bytes: Buffer, start: number, length: number): PageSlot[] {
  const slots: PageSlot[] = []
  let at = start + SUM_BYTES
  while (at < start + length) {
    const size = readUint32(bytes, at + 6)
    slots.push({ offset: readUint48(bytes, at), at: at + ITEM_BYTES, length: size })
    at += ITEM_BYTES + size
  }
  return slots
}
