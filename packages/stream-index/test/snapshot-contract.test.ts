import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, it } from 'vitest'
import type { SnapshotStore } from '@hindcast/core'
import { openStreamIndex } from '@hindcast/stream-index'
import { snapshotStoreContract } from '@hindcast/testing'
import { acquire, release } from '../src/environment/shared.js'

const places = new Map<SnapshotStore, string>()

async function openIn(folder: string): Promise<SnapshotStore> {
  const index = await openStreamIndex(folder, { logId: 'log', partitions: 1 })
  const { snapshots } = index
  const store: SnapshotStore = {
    load: (stream, fingerprint) => snapshots.load(stream, fingerprint),
    fingerprints: stream => snapshots.fingerprints(stream),
    save: snapshot => snapshots.save(snapshot),
    [Symbol.asyncDispose]: () => index.close(),
  }
  places.set(store, folder)
  return store
}

/** Turns a bit of the state over. */
async function damage(store: SnapshotStore, stream: string, fingerprint: string): Promise<void> {
  const path = realpathSync(places.get(store)!)
  const { environment } = await acquire(path, () => Promise.reject(new Error('it must be open')))
  await environment.transact(() => {
    const bytes = environment.snapshots.get({ stream, fingerprint })!
    bytes[bytes.length - 2]! ^= 1
    environment.snapshots.put({ stream, fingerprint }, bytes)
  }, 'aside')
  await release(path)
}

describe('the snapshots of an index', () => {
  afterAll(() => {
    for (const folder of places.values()) rmSync(folder, { recursive: true, force: true })
  })
  const contract = snapshotStoreContract({
    open: () => openIn(mkdtempSync(join(tmpdir(), 'hindcast-snapshots-'))),
    reopen: async store => {
      await store[Symbol.asyncDispose]()
      return openIn(places.get(store)!)
    },
    second: store => openIn(places.get(store)!),
    damage,
  })
  for (const { name, run } of contract) it(name, run)
})
