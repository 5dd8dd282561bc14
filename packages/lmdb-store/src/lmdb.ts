import { randomUUID } from 'node:crypto'
import { inspectFolder, type EventStore, type EventStoreFactory, type StoreHost } from '@hindcast/core'
import { openStreamIndex } from '@hindcast/stream-index'
import { LmdbStore } from './store/lmdb-store.js'
import { LmdbOptionError, settle, type LmdbOptions } from './store/options.js'

/** Behind the genesis record of each partition, which tells nothing to a reader. */
const FIRST_OFFSET = 1

/**
 * Events in a folder on this machine: `lmdb('./data')`. Several processes may share the folder.
 *
 * Guarantee: an acknowledged append is on disk (fsync), also after a power cut; killing or freezing a process at any moment
 * loses nothing, doubles nothing and leaves nothing half written. The folder must be on a local disk: LMDB's locks do not
 * work across a network.
 *
 * @param folder - made if it is missing; holds `data.mdb`, `lock.mdb` and `hindcast.json`, and may hold other folders
 * @throws LmdbOptionError; and when the store is opened FolderUnusableError, ForeignFolderError, NewerFormatError,
 *   OlderFormatError, FolderDamagedError
 */
export function lmdb(folder: string, options: LmdbOptions = {}): EventStoreFactory {
  const settings = settle(folder, options)
  const open = async (host: StoreHost): Promise<EventStore> => {
    const { partitions, partitionsAsked } = settings
    const index = await openStreamIndex(folder, {
      logId: randomUUID(),
      partitions,
      firstOffset: FIRST_OFFSET,
      ...(host.existing !== undefined && { existing: host.existing }),
    })
    if (partitionsAsked && index.partitions !== partitions) {
      await index.close()
      throw new LmdbOptionError(
        'partitions',
        partitions,
        `the log in "${folder}" has ${index.partitions}, for ever. Leave the option out`,
      )
    }
    return new LmdbStore(index, host, settings)
  }
  return Object.assign(open, { inspect: () => inspectFolder({ name: 'log folder', folder, holds: 'truth' }) })
}
