import { readSync } from 'node:fs'
import { HEADER_BYTES, readPageNumber, readUint64 } from './page.js'

const MAGIC = 0xbeefc0de
/** What lmdb 3.x writes. */
const DATA_VERSION = 2
const META_BYTES = 160
const LARGEST_PAGE = 65_536

/** What a meta page of LMDB says: where one state of the file begins. */
export interface Meta {
  readonly pageSize: number
  /** What the file was made with. */
  readonly flags: number
  /** The transaction that made this state. */
  readonly transaction: number
  /** The root of the free pages; undefined when there are none. */
  readonly free: number | undefined
  /** The root of the main tree; undefined while nothing is in it. */
  readonly main: number | undefined
  /** How many pages of the main tree lie one below the other. */
  readonly mainDepth: number
}

/** Reads a meta page. @param at - where it begins in the file @returns undefined when there is none */
export function readMeta(file: number, at: number): Meta | undefined {
  const bytes = Buffer.alloc(META_BYTES)
  if (readSync(file, bytes, 0, META_BYTES, at) < META_BYTES) return undefined
  if (bytes.readUInt32LE(HEADER_BYTES) !== MAGIC || bytes.readUInt32LE(HEADER_BYTES + 4) !== DATA_VERSION)
    return undefined
  const pageSize = bytes.readUInt32LE(HEADER_BYTES + 24)
  if (pageSize < 256 || pageSize > LARGEST_PAGE || (pageSize & (pageSize - 1)) !== 0) return undefined
  return {
    pageSize,
    flags: bytes.readUInt16LE(HEADER_BYTES + 28),
    transaction: readUint64(bytes, HEADER_BYTES + 128),
    free: readPageNumber(bytes, HEADER_BYTES + 64),
    main: readPageNumber(bytes, HEADER_BYTES + 112),
    mainDepth: bytes.readUInt16LE(HEADER_BYTES + 78),
  }
}

/** The newer of the two meta pages; undefined when one of them is none. */
export function readNewestMeta(file: number): Meta | undefined {
  const first = readMeta(file, 0)
  const second = first && readMeta(file, first.pageSize)
  if (!first || !second) return undefined
  return second.transaction > first.transaction ? second : first
}
