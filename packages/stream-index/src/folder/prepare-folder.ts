import { mkdirSync, readdirSync, realpathSync } from 'node:fs'
import { FORMAT, type About } from './about.js'
import { checkDataFile, DATA_FILE } from '../file/data-file.js'
import {
  FolderDamagedError,
  FolderUnusableError,
  ForeignFolderError,
  NewerFormatError,
  OlderFormatError,
} from './errors.js'
import { MARKER, readMarker } from './marker.js'

/** The file through which LMDB's processes share the folder. */
export const LOCK_FILE = 'lock.mdb'
/** Our own files; names with a dot in front are nobody's content. */
const OWN = new Set([DATA_FILE, LOCK_FILE, MARKER])

/** What was found in a folder. */
export interface PreparedFolder {
  /** Its real path: two names of one folder are one. */
  readonly path: string
  /** What its marker says, if it has one. */
  readonly marker: About | undefined
}

/**
 * Looks at a folder before anything is opened in it, and makes it if it is missing.
 *
 * @param existing - there must be a log or an index in it
 * @throws FolderUnusableError, ForeignFolderError, NewerFormatError, OlderFormatError, FolderDamagedError; nothing was changed.
 */
export function prepareFolder(folder: string, existing = false): PreparedFolder {
  try {
    if (!existing) mkdirSync(folder, { recursive: true })
    const path = realpathSync(folder)
    const marker = readMarker(path)
    if (marker) refuseOtherFormat(folder, marker)
    const hasData = checkDataFile(path)
    if (marker && !hasData)
      throw new FolderDamagedError(
        folder,
        `${DATA_FILE} is missing or empty, but ${MARKER} says that there was a log`,
      )
    if (existing && !hasData) throw new FolderUnusableError(folder, 'there is no log in it')
    if (!marker && !hasData) refuseForeignFiles(folder)
    return { path, marker }
  } catch (error) {
    throw isSystemError(error) ? new FolderUnusableError(folder, error.message, { cause: error }) : error
  }
}

/** This version reads and writes one format of each kind. @throws NewerFormatError, OlderFormatError */
export function refuseOtherFormat(folder: string, { format, kind }: About): void {
  const known = FORMAT[kind]
  if (format > known) throw new NewerFormatError(folder, format, known)
  if (format < known) throw new OlderFormatError(folder, format, known)
}

function refuseForeignFiles(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (!entry.isDirectory() && !OWN.has(entry.name) && !entry.name.startsWith('.'))
      throw new ForeignFolderError(folder, `the file "${entry.name}"`)
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string'
}
