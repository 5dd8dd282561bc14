import type { EventStore, SnapshotStore } from '@hindcast/core'
import type { EventStoreHarness } from '../contract/harness.js'
import type { SnapshotStoreHarness } from './harness.js'

/**
 * Gets at the snapshots that an event store keeps (`EventStore.snapshots`), from the harness of the event stores: closing the
 * snapshots closes the event store that they are of. Leave `second` out of the harness where the other store has a place of
 * its own for snapshots.
 *
 * @throws TypeError (rejected by `open`) when the event store keeps no snapshots
 */
export function snapshotsOf(stores: EventStoreHarness): SnapshotStoreHarness {
  const { timeoutMs } = stores
  const storeOf = new WeakMap<SnapshotStore, EventStore>()
  const snapshotsIn = (store: EventStore): SnapshotStore => {
    const own = store.snapshots
    if (!own) throw new TypeError('this event store keeps no snapshots: EventStore.snapshots is undefined')
    const snapshots: SnapshotStore = {
      load: (stream, fingerprint) => own.load(stream, fingerprint),
      fingerprints: stream => own.fingerprints(stream),
      save: snapshot => own.save(snapshot),
      [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    }
    storeOf.set(snapshots, store)
    return snapshots
  }
  return {
    open: async () => snapshotsIn(await stores.open({})),
    reopen: async snapshots => snapshotsIn(await stores.reopen(storeOf.get(snapshots)!, {})),
    ...(stores.second && {
      second: async (snapshots: SnapshotStore) => snapshotsIn(await stores.second!(storeOf.get(snapshots)!)),
    }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  }
}
