import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { FolderDamagedError } from './errors.js'

/** LMDB's file in the folder. */
export const DATA_FILE = 'data.mdb'

const MAGIC = 0xbeefc0de
/** What lmdb 3.x writes. */
const DATA_VERSION = 2
const HEADER_BYTES = 24
const META_BYTES = 160
const LARGEST_PAGE = 65_536

/** What a meta page of LMDB says. */
interface Meta {
  readonly pageSize: number
  readonly lastPage: number
}

/**
 * Looks at LMDB's file before LMDB does: it maps the file and trusts it, so that a damaged one ends the process with a
 * segmentation fault or a bus error instead of an error [seen with lmdb 3.5.6].
 *
 * @returns false when there is no file, or one in which nothing was ever written
 * @throws FolderDamagedError when it is no LMDB file, or shorter than it says
 */
export function checkDataFile(folder: string): boolean {
  let file: number
  try {
    file = openSync(join(folder, DATA_FILE), 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
  try {
    if (fstatSync(file).size === 0) return false
    checkMetas(folder, file)
    return true
  } finally {
    closeSync(file)
  }
}

function checkMetas(folder: string, file: number): void {
  const first = readMeta(file, 0)
  if (!first) throw new FolderDamagedError(folder, `${DATA_FILE} does not begin as an LMDB file`)
  const second = readMeta(file, first.pageSize)
  if (!second) throw new FolderDamagedError(folder, `the second page of ${DATA_FILE} is not one of LMDB's`)
  const pages = Math.max(first.lastPage, second.lastPage) + 1
  // Only now: another process may be making it longer.
  const { size } = fstatSync(file)
  if (size < pages * first.pageSize)
    throw new FolderDamagedError(
      folder,
      `${DATA_FILE} has ${size} bytes, ${pages * first.pageSize} were written: the file was cut`,
    )
}

function readMeta(file: number, at: number): Meta | undefined {
  const bytes = Buffer.alloc(META_BYTES)
  if (readSync(file, bytes, 0, META_BYTES, at) < META_BYTES) return undefined
  if (bytes.readUInt32LE(HEADER_BYTES) !== MAGIC || bytes.readUInt32LE(HEADER_BYTES + 4) !== DATA_VERSION)
    return undefined
  const pageSize = bytes.readUInt32LE(HEADER_BYTES + 24)
  if (pageSize < 256 || pageSize > LARGEST_PAGE || (pageSize & (pageSize - 1)) !== 0) return undefined
  return { pageSize, lastPage: Number(bytes.readBigUInt64LE(HEADER_BYTES + 120)) }
}
