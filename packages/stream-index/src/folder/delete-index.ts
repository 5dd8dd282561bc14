import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DATA_FILE } from '../file/data-file.js'
import { ForeignFolderError } from './errors.js'
import { MARKER, readMarker } from './marker.js'
import { LOCK_FILE } from './prepare-folder.js'

/**
 * Deletes an index, so that it is filled again. Other files of the folder stay. Nothing may have it open.
 *
 * @throws ForeignFolderError when the folder holds a log, or data whose marker does not say that it is an index: a log
 *   cannot be filled again.
 */
export function deleteIndex(folder: string): void {
  const marker = readMarkerOrNothing(folder)
  if (marker?.kind === 'log') throw new ForeignFolderError(folder, 'an embedded log')
  if (!marker && existsSync(join(folder, DATA_FILE)))
    throw new ForeignFolderError(folder, `data, and no ${MARKER} that says whether it is an index or a log`)
  for (const name of [DATA_FILE, LOCK_FILE, MARKER]) rmSync(join(folder, name), { force: true })
}

function readMarkerOrNothing(folder: string): ReturnType<typeof readMarker> {
  try {
    return readMarker(folder)
  } catch {
    return undefined
  }
}
