import { afterAll, describe, it } from 'vitest'
import type { EventStore, SnapshotStore } from '@hindcast/core'
import { snapshotStoreContract } from '@hindcast/testing'
import { lmdbHarness } from './lmdb-harness.js'

const harness = lmdbHarness()
const stores = new WeakMap<SnapshotStore, EventStore>()

/** The snapshots of a store, closed with it. */
function snapshotsOf(store: EventStore): SnapshotStore {
  const own = store.snapshots!
  const snapshots: SnapshotStore = {
    load: (stream, fingerprint) => own.load(stream, fingerprint),
    save: snapshot => own.save(snapshot),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
  stores.set(snapshots, store)
  return snapshots
}

describe('the snapshots in the folder of the LMDB event store', () => {
  afterAll(() => harness.clean())
  const contract = snapshotStoreContract({
    open: async () => snapshotsOf(await harness.open({})),
    reopen: async snapshots => snapshotsOf(await harness.reopen(stores.get(snapshots)!, {})),
    second: async snapshots => snapshotsOf(await harness.second!(stores.get(snapshots)!)),
  })
  for (const { name, run } of contract) it(name, run)
})
