import { HindcastError } from '@hindcast/core'
import { Environment } from '../environment/environment.js'
import { acquire, release, type SharedEnvironment } from '../environment/shared.js'
import { encodePartition } from '../index/partition-state.js'
import { decodeAbout, encodeAbout, FORMAT, type About } from './about.js'
import { FolderDamagedError, FolderUnusableError, ForeignFolderError } from './errors.js'
import { MARKER, writeMarker } from './marker.js'
import { claimFolder } from './owner.js'
import { refuseOtherFormat, type PreparedFolder } from './prepare-folder.js'

/** What the system says, not the data: also who only reads needs the right to write LMDB's file of locks. */
const NOT_ALLOWED =
  /^(Permission denied|Read-only file system|Operation not permitted|No space left on device)/

/** What to make when the folder is new. */
export interface NewFolder extends Omit<About, 'format'> {
  /** The first offset of each partition. Default 0. */
  readonly firstOffset?: number | undefined
}

/** Opens the environment of a folder that was prepared. @throws ForeignFolderError when it is of another kind. */
export async function openFolder(
  folder: string,
  prepared: PreparedFolder,
  options: NewFolder,
): Promise<SharedEnvironment> {
  const shared = await acquire(prepared.path, () => open(folder, prepared, options))
  if (shared.about.kind === options.kind) return shared
  await release(prepared.path)
  throw new ForeignFolderError(
    folder,
    shared.about.kind === 'log' ? 'an embedded log' : 'the index of another log',
  )
}

async function open(
  folder: string,
  prepared: PreparedFolder,
  options: NewFolder,
): Promise<SharedEnvironment> {
  const environment = openEnvironment(folder, prepared.path)
  try {
    const about = readAbout(environment, folder) ?? (await create(environment, folder, prepared, options))
    checkMarker(folder, prepared, about)
    if (!prepared.marker) writeMarker(prepared.path, about)
    if (about.kind === 'index') await claimFolder(environment, folder)
    return { environment, about, listeners: new Set() }
  } catch (error) {
    await environment.close()
    throw error
  }
}

function openEnvironment(folder: string, path: string): Environment {
  try {
    return new Environment(path)
  } catch (error) {
    if (error instanceof HindcastError) throw error
    const { message } = error as Error
    const reason = `LMDB cannot open it (${message})`
    if (NOT_ALLOWED.test(message)) throw new FolderUnusableError(folder, reason, { cause: error })
    throw new FolderDamagedError(folder, reason, { cause: error })
  }
}

function readAbout(environment: Environment, folder: string): About | undefined {
  const bytes = environment.aboutItself()
  if (!bytes) return undefined
  const about = decodeAbout(bytes)
  if (!about) throw new FolderDamagedError(folder, 'what it says about itself is not readable')
  refuseOtherFormat(folder, about)
  return about
}

/** Makes the log: its identity and the genesis of every partition, in one transaction; another process may be first. */
async function create(
  environment: Environment,
  folder: string,
  prepared: PreparedFolder,
  options: NewFolder,
): Promise<About> {
  if (prepared.marker) throw new FolderDamagedError(folder, 'its data file is empty')
  const { kind, logId, partitions, firstOffset = 0 } = options
  return environment.transact(() => {
    const made = readAbout(environment, folder)
    if (made) return made
    const about: About = { format: FORMAT[kind], kind, logId, partitions }
    environment.about.put('hindcast', encodeAbout(about))
    const genesis = encodePartition({ next: firstOffset, time: -Infinity, state: new Uint8Array() })
    for (let partition = 0; partition < partitions; partition++) environment.about.put(partition, genesis)
    return about
  }, 'aside')
}

function checkMarker(folder: string, { marker }: PreparedFolder, about: About): void {
  if (marker && (marker.logId !== about.logId || marker.partitions !== about.partitions))
    throw new FolderDamagedError(
      folder,
      `${MARKER} speaks of log ${marker.logId} with ${marker.partitions} partitions, the data is of log ${about.logId} with ${about.partitions}: the files come from two folders`,
    )
}
