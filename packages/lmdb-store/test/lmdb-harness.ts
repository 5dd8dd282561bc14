import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock, uuidV7Source, type Clock, type EventStore, type StoreHost } from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'
import type { EventStoreHarness } from '@hindcast/testing'

/** Stores in temporary folders; the second store on a log is a second handle in this process. */
export interface LmdbHarness extends EventStoreHarness {
  /** The folder of a store. */
  folderOf(store: EventStore): string
  /** Deletes the folders. */
  clean(): void
}

/** Makes a harness. */
export function lmdbHarness(): LmdbHarness {
  const folders = new Map<EventStore, string>()
  const openAt = async (folder: string, clock?: Clock): Promise<EventStore> => {
    const store = await lmdb(folder)(host(clock))
    folders.set(store, folder)
    return store
  }
  const folderOf = (store: EventStore): string => folders.get(store)!
  return {
    open: ({ clock }) => openAt(mkdtempSync(join(tmpdir(), 'hindcast-lmdb-')), clock),
    reopen: async (store, { clock }) => {
      await store[Symbol.asyncDispose]()
      return openAt(folderOf(store), clock)
    },
    second: store => openAt(folderOf(store)),
    folderOf,
    clean: () => {
      for (const folder of new Set(folders.values())) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What an app would give its store. */
export function host(clock: Clock = systemClock): StoreHost {
  return { clock, ids: uuidV7Source(), run: 'all' }
}
