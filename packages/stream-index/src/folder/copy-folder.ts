import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { HindcastError } from '@hindcast/core'
import type { About } from './about.js'
import { checkDataFile, DATA_FILE } from '../file/data-file.js'
import { FolderUnusableError } from './errors.js'
import { writeMarker } from './marker.js'

/** Is in the folder while a copy is made: of two copies at a time, one makes it. */
const CLAIM = 'copying'

/**
 * Puts a copy of an environment into an empty folder, looks at every page of it, and makes it durable. The marker comes
 * last: a copy that was interrupted has none.
 *
 * @param copy - writes LMDB's file into the folder
 * @returns the size of the copy in bytes
 * @throws FolderUnusableError when the folder is not empty or cannot be written; FolderDamagedError when the copy is damaged.
 */
export async function copyFolder(target: string, about: About, copy: () => Promise<void>): Promise<number> {
  const [file, claim] = [join(target, DATA_FILE), join(target, CLAIM)]
  claimEmpty(target, claim)
  try {
    await copy()
    checkDataFile(target, true)
    const handle = openSync(file, 'r+')
    fsyncSync(handle)
    closeSync(handle)
    writeMarker(target, about)
    rmSync(claim)
  } catch (error) {
    rmSync(file, { force: true })
    rmSync(claim, { force: true })
    throw error instanceof HindcastError ? error : unusable(target, error)
  }
  return statSync(file).size
}

function claimEmpty(target: string, claim: string): void {
  try {
    mkdirSync(target, { recursive: true })
    refuseFull(target, 0)
    closeSync(openSync(claim, 'wx'))
  } catch (error) {
    throw error instanceof HindcastError ? error : unusable(target, error)
  }
  try {
    refuseFull(target, 1)
  } catch (error) {
    rmSync(claim)
    throw error
  }
}

function refuseFull(target: string, own: number): void {
  if (readdirSync(target).length > own)
    throw new FolderUnusableError(target, 'a copy goes into an empty folder, and this one is not empty')
}

function unusable(target: string, error: unknown): FolderUnusableError {
  return new FolderUnusableError(target, (error as Error).message, { cause: error })
}
