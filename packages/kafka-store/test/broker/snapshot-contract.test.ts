import { afterAll, it } from 'vitest'
import type { EventStore, SnapshotStore } from '@hindcast/core'
import { snapshotStoreContract } from '@hindcast/testing'
import { kafkaHarness } from './kafka-harness.js'
import { kafkaSuite } from './kafka-suite.js'

const CASE_MS = 60_000
const harness = kafkaHarness()
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

kafkaSuite('the snapshots in the index of a Kafka log', () => {
  afterAll(() => harness.clean())
  const contract = snapshotStoreContract({
    timeoutMs: 30_000,
    open: async () => snapshotsOf(await harness.open({})),
    reopen: async snapshots => snapshotsOf(await harness.reopen(stores.get(snapshots)!, {})),
  })
  for (const { name, run } of contract) it.concurrent(name, run, CASE_MS)
})
