import { HindcastError } from '@hindcast/core'
import { Environment } from '../environment/environment.js'
import { acquire, isOpenHere, release, type SharedEnvironment } from '../environment/shared.js'
import { decodeAbout, encodeAbout, FORMAT, type About } from '../folder/about.js'
import { FolderDamagedError, ForeignFolderError, IndexInUseError } from '../folder/errors.js'
import { MARKER, writeMarker } from '../folder/marker.js'
import { claimFolder } from '../folder/owner.js'
import { prepareFolder, refuseOtherFormat, type PreparedFolder } from '../folder/prepare-folder.js'
import { encodePartition } from './partition-state.js'
import { StreamIndex } from './stream-index.js'

/** What to open, and what to make when the folder is new. */
export interface StreamIndexOptions {
  /** `'log'`: the index is the log, several processes share it. `'index'`: it belongs to one process and can be filled again. */
  readonly kind: 'log' | 'index'
  /** For a new folder; an existing one keeps its own, see {@link StreamIndex.logId}. */
  readonly logId: string
  /** For a new folder; an existing one keeps its own, see {@link StreamIndex.partitions}. */
  readonly partitions: number
  /** The first offset of each partition of a new folder. Default 0; a log begins at 1, behind its genesis records. */
  readonly firstOffset?: number
  /** Refuses to make a new one. Default false. */
  readonly existing?: boolean
}

/**
 * Opens the index in a folder, or makes one where nothing is.
 *
 * @throws FolderUnusableError, ForeignFolderError, NewerFormatError, OlderFormatError, FolderDamagedError, IndexInUseError
 */
export async function openStreamIndex(folder: string, options: StreamIndexOptions): Promise<StreamIndex> {
  const prepared = prepareFolder(folder, options.existing)
  const { path } = prepared
  if (options.kind === 'index' && isOpenHere(path)) throw new IndexInUseError(folder, process.pid)
  const shared = await acquire(path, () => open(folder, prepared, options))
  if (shared.about.kind !== options.kind) {
    await release(path)
    throw new ForeignFolderError(
      folder,
      shared.about.kind === 'log' ? 'an embedded log' : 'the index of another log',
    )
  }
  return new StreamIndex(shared, () => release(path))
}

async function open(
  folder: string,
  prepared: PreparedFolder,
  options: StreamIndexOptions,
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
    throw new FolderDamagedError(folder, `LMDB cannot open it (${(error as Error).message})`, {
      cause: error,
    })
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
  options: StreamIndexOptions,
): Promise<About> {
  if (prepared.marker) throw new FolderDamagedError(folder, 'its data file is empty')
  const { kind, logId, partitions, firstOffset = 0 } = options
  return environment.transact(() => {
    const made = readAbout(environment, folder)
    if (made) return made
    const about: About = { format: FORMAT, kind, logId, partitions }
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
