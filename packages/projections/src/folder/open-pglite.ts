import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Database } from '../driver/database.js'
import { PgliteDatabase } from '../driver/pglite-database.js'
import { PgliteSocket } from '../driver/pglite-socket.js'
import { ReadModelFolderError, ReadModelOptionError } from '../error/errors.js'
import { isLockFile, lockFolder } from './folder-lock.js'

const MARKER = 'hindcast-read-models.json'
const DATA = 'pglite'
const FORMAT = 1

interface About {
  readonly format: number
  /** False while the data are being made: what is there may be thrown away. */
  readonly made: boolean
}

/**
 * Opens the PGlite in a folder, or makes one where nothing is.
 *
 * @param existing - makes none
 * @throws ReadModelOptionError, ReadModelInUseError, ReadModelFolderError
 */
export async function openPglite(folder: string, existing = false): Promise<Database> {
  if (typeof folder !== 'string' || folder === '')
    throw new ReadModelOptionError('folder', "must be the path of a folder: pglite('./data/views')")
  const path = resolve(folder)
  if (existing && !existsSync(join(path, MARKER)))
    throw new ReadModelFolderError(folder, 'there are no read models in it; an app makes them when it starts')
  makeFolder(folder, path)
  refuseForeign(folder, path)
  const lock = await lockFolder(path)
  try {
    return await openData(folder, path, async () => lock[Symbol.asyncDispose]())
  } catch (error) {
    await lock[Symbol.asyncDispose]()
    throw error
  }
}

async function openData(folder: string, path: string, unlock: () => Promise<void>): Promise<Database> {
  const data = join(path, DATA)
  const about = readAbout(folder, path)
  if (about?.made && !existsSync(join(data, 'PG_VERSION'))) throw damaged(folder, 'its data are gone')
  if (!about?.made) {
    rmSync(data, { recursive: true, force: true })
    writeAbout(path, { format: FORMAT, made: false })
  }
  const start = (): Promise<PgliteSocket> =>
    PgliteSocket.open(data).catch((error: unknown) => {
      throw damaged(folder, `PGlite cannot open it (${String(error)})`, error)
    })
  const database = await PgliteDatabase.open(start, `PGlite in folder "${folder}"`, unlock)
  if (!about?.made) writeAbout(path, { format: FORMAT, made: true })
  return database
}

function makeFolder(folder: string, path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    throw new ReadModelFolderError(folder, `it cannot be made (${(error as Error).message})`, error)
  }
}

function refuseForeign(folder: string, path: string): void {
  const files = readdirSync(path)
  const foreign = files.find(file => file !== DATA && !file.startsWith(MARKER) && !isLockFile(file))
  if (!files.some(file => file.startsWith(MARKER)) && (foreign !== undefined || files.includes(DATA)))
    throw new ReadModelFolderError(
      folder,
      `it holds something else (${foreign ?? DATA}). Name an empty folder, or one that does not exist yet`,
    )
}

function readAbout(folder: string, path: string): About | undefined {
  const file = join(path, MARKER)
  if (!existsSync(file)) return undefined
  let about: Partial<About> | undefined
  try {
    about = JSON.parse(readFileSync(file, 'utf8')) as Partial<About>
  } catch (error) {
    throw damaged(folder, `${MARKER} cannot be read`, error)
  }
  if (typeof about?.format !== 'number' || typeof about.made !== 'boolean')
    throw damaged(folder, `${MARKER} does not say what it should`)
  if (about.format > FORMAT)
    throw new ReadModelFolderError(
      folder,
      `it has format ${about.format}, and this code knows ${FORMAT} at most. Upgrade this process; nothing was changed`,
    )
  return { format: about.format, made: about.made }
}

/** Whole or not at all: a reader never meets half a file. */
function writeAbout(path: string, about: About): void {
  writeFileSync(join(path, `${MARKER}.new`), JSON.stringify(about))
  renameSync(join(path, `${MARKER}.new`), join(path, MARKER))
}

function damaged(folder: string, reason: string, cause?: unknown): ReadModelFolderError {
  return new ReadModelFolderError(
    folder,
    `it is damaged: ${reason}. Delete the folder: its rows are folded again from the log`,
    cause,
  )
}
