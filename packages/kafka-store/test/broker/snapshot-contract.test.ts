import { afterAll, it } from 'vitest'
import type { EventStore, SnapshotStore } from '@hindcast/core'
import { snapshotStoreContract } from '@hindcast/testing'
import { kafkaHarness } from './kafka-harness.js'
import { kafkaSuite } from './kafka-suite.js'

const CASE_MS = 60_000
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

for (const [where, options] of Object.entries({ index: {}, 'index and the topic': { snapshotTopic: true } }))
  kafkaSuite(`the snapshots in the ${where} of a Kafka log`, () => {
    const harness = kafkaHarness(options)
    afterAll(() => harness.clean())
    const contract = snapshotStoreContract({
      timeoutMs: 30_000,
      open: async () => snapshotsOf(await harness.open({})),
      reopen: async snapshots => snapshotsOf(await harness.reopen(stores.get(snapshots)!, {})),
    })
    for (const { name, run } of contract) it.concurrent(name, run, CASE_MS)
  })
