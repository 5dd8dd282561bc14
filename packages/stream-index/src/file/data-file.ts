import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { findBrokenPage } from './check-pages.js'
import { FolderDamagedError, FolderUnusableError } from '../folder/errors.js'
import { readMeta, readNewestMeta, type Meta } from './meta.js'
import type { PageSource } from './page.js'

/** LMDB's file in the folder. */
export const DATA_FILE = 'data.mdb'

/** Up to this size every page is looked at when a folder is opened, in some ten milliseconds; of a larger file the branch pages. */
const MAX_DEEP_BYTES = 64 * 1_048_576
/** How often another writer may get in the way of a look at the file. */
const TRIES = 3

/**
 * Looks at LMDB's file before LMDB does: it maps the file and trusts it, so that a damaged one ends the process with a
 * segmentation fault or a bus error instead of an error [seen with lmdb 3.5.6].
 *
 * @param deep - looks at every page, however large the file is
 * @returns false when there is no file, or one in which nothing was ever written
 * @throws FolderDamagedError when it is no LMDB file, was cut, or has damaged pages; FolderUnusableError when it cannot be read
 */
export function checkDataFile(folder: string, deep = false): boolean {
  let file: number
  try {
    file = openSync(join(folder, DATA_FILE), 'r')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return false
    throw new FolderUnusableError(folder, message, { cause: error })
  }
  try {
    if (fstatSync(file).size === 0) return false
    checkFile(folder, file, deep)
    return true
  } finally {
    closeSync(file)
  }
}

function checkFile(folder: string, file: number, deep: boolean): void {
  for (let tries = TRIES; tries > 0; tries--) {
    const meta = newestMeta(folder, file)
    const { size } = fstatSync(file)
    const source = pageSource(file, meta.pageSize, size)
    const roots = [meta.free, meta.main].filter(root => root !== undefined)
    const broken = findBrokenPage(source, roots, deep || size <= MAX_DEEP_BYTES)
    if (broken === undefined) return
    // A writer may have used the pages again meanwhile. One that goes on and on vouches for the file.
    if (newestMeta(folder, file).transaction === meta.transaction)
      throw new FolderDamagedError(folder, `${DATA_FILE}: ${broken}`)
  }
}

function newestMeta(folder: string, file: number): Meta {
  const meta = readNewestMeta(file)
  if (meta) return meta
  const lost = readMeta(file, 0)
    ? `the second page of ${DATA_FILE} is not one of LMDB's`
    : `${DATA_FILE} does not begin as an LMDB file`
  throw new FolderDamagedError(folder, lost)
}

/** A small file is read at once, of a large one page by page. */
function pageSource(file: number, pageSize: number, size: number): PageSource {
  const count = Math.floor(size / pageSize)
  if (size <= MAX_DEEP_BYTES) {
    const bytes = Buffer.allocUnsafe(size)
    const length = readSync(file, bytes, 0, size, 0)
    const whole = Math.floor(length / pageSize)
    return {
      pageSize,
      count: whole,
      read: number => bytes.subarray(number * pageSize, (number + 1) * pageSize),
    }
  }
  const page = Buffer.allocUnsafe(pageSize)
  return {
    pageSize,
    count,
    read(number) {
      readSync(file, page, 0, pageSize, number * pageSize)
      return page
    },
  }
}
