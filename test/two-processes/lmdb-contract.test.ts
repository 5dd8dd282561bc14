import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemClock, uuidV7Source, type Clock, type EventStore } from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'
import { eventStoreContract, type EventStoreHarness, type HarnessOptions } from '@hindcast/testing'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { alternating } from './alternating-store.js'
import { StoreHost } from './store-host.js'

const folders = new Map<EventStore, string>()
let host: StoreHost

/** Every log is used by this process and another one in turn; a case that brings its own clock stays in this one. */
const harness: EventStoreHarness = {
  open: options => open(mkdtempSync(join(tmpdir(), 'hindcast-lmdb-')), options),
  reopen: async (store, options) => {
    await store[Symbol.asyncDispose]()
    return open(folders.get(store)!, options)
  },
  second: async store => known(folders.get(store)!, await host.open(folders.get(store)!)),
}

describe('the LMDB event store in two processes at once', () => {
  beforeAll(() => {
    const program = fileURLToPath(new URL('../dist/two-processes/store-process.js', import.meta.url))
    if (!existsSync(program)) throw new Error(`${program} is missing: npm run build`)
    host = new StoreHost()
  })
  afterAll(async () => {
    await host.stop()
    for (const folder of new Set(folders.values())) rmSync(folder, { recursive: true, force: true })
  })

  for (const { name, run } of eventStoreContract(harness)) it(name, run)
})

async function open(folder: string, { clock }: HarnessOptions): Promise<EventStore> {
  if (clock) return known(folder, await openHere(folder, clock))
  return known(folder, alternating(await openHere(folder, systemClock), await host.open(folder)))
}

function openHere(folder: string, clock: Clock): Promise<EventStore> {
  return lmdb(folder)({ clock, ids: uuidV7Source(), run: 'all' })
}

function known(folder: string, store: EventStore): EventStore {
  folders.set(store, folder)
  return store
}
