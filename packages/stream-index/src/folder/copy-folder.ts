import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { About } from './about.js'
import { checkDataFile, DATA_FILE } from '../file/data-file.js'
import { FolderUnusableError } from './errors.js'
import { writeMarker } from './marker.js'

/**
 * Puts a copy of an environment into an empty folder, looks at every page of it, and makes it durable. The marker comes
 * last: a copy that was interrupted has none.
 *
 * @param copy - writes LMDB's file into the folder
 * @returns the size of the copy in bytes
 * @throws FolderUnusableError when the folder is not empty; FolderDamagedError when the copy is damaged.
 */
export async function copyFolder(target: string, about: About, copy: () => Promise<void>): Promise<number> {
  if (existsSync(target) && readdirSync(target).length > 0)
    throw new FolderUnusableError(target, 'a copy goes into an empty folder, and this one is not empty')
  mkdirSync(target, { recursive: true })
  const file = join(target, DATA_FILE)
  try {
    await copy()
    checkDataFile(target, true)
    const handle = openSync(file, 'r+')
    fsyncSync(handle)
    closeSync(handle)
    writeMarker(target, about)
  } catch (error) {
    rmSync(file, { force: true })
    throw error
  }
  return statSync(file).size
}
