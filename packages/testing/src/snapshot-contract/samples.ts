import assert from 'node:assert/strict'
import type { Snapshot, SnapshotStore } from '@hindcast/core'

/** A stream. */
export const STREAM = 'account-acc-1'
/** A build. */
export const BUILD = 'build-A_1'

/** A snapshot at a version, with a state that tells which one it is. */
export function snapshotAt(version: number, over: Partial<Snapshot> = {}): Snapshot {
  const { stream = STREAM, fingerprint = BUILD } = over
  const state = JSON.stringify({ of: stream, by: fingerprint, version })
  return { stream, version, fingerprint, lastEventId: `event-${version}`, state, ...over }
}

/** The store must give this snapshot and no other. */
export async function holds(store: SnapshotStore, snapshot: Snapshot): Promise<void> {
  assert.deepEqual({ ...(await store.load(snapshot.stream, snapshot.fingerprint)) }, snapshot)
}

/** The store must give nothing. */
export async function holdsNone(store: SnapshotStore, stream: string, fingerprint: string): Promise<void> {
  assert.equal(await store.load(stream, fingerprint), undefined)
}

/** The store must name these builds of a stream, in any order, and no other. */
export async function namesBuilds(
  store: SnapshotStore,
  stream: string,
  fingerprints: readonly string[],
): Promise<void> {
  assert.deepEqual([...(await store.fingerprints(stream))].toSorted(), [...fingerprints].toSorted())
}
