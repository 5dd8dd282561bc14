import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { decodeAbout, encodeAbout, type About } from './about.js'
import { FolderDamagedError } from './errors.js'

/** The file that says, also to people, whose folder it is; it tells a new folder from one whose data is gone. */
export const MARKER = 'hindcast.json'

/** Reads the marker; undefined when there is none. @throws FolderDamagedError when it is not one. */
export function readMarker(folder: string): About | undefined {
  let bytes: Buffer
  try {
    bytes = readFileSync(join(folder, MARKER))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const about = decodeAbout(bytes)
  if (!about) throw new FolderDamagedError(folder, `${MARKER} is not readable`)
  return about
}

/** Writes the marker; it is whole and on disk afterwards, or not there. */
export function writeMarker(folder: string, about: About): void {
  const temporary = join(folder, `.${MARKER}.${process.pid}`)
  const file = openSync(temporary, 'w')
  try {
    writeSync(file, encodeAbout(about))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(temporary, join(folder, MARKER))
  syncFolder(folder)
}

/** Makes the names in a folder durable; a file system that cannot is left alone. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
