import type { Snapshot, SnapshotStore } from './snapshot-store.js'

/** Snapshots in memory, for as long as the process lives. */
export function memorySnapshots(): SnapshotStore {
  const snapshots = new Map<string, Snapshot>()
  const keyOf = (stream: string, fingerprint: string): string => `${fingerprint} ${stream}`
  return {
    load: async (stream, fingerprint) => snapshots.get(keyOf(stream, fingerprint)),
    save: async snapshot => {
      const key = keyOf(snapshot.stream, snapshot.fingerprint)
      if ((snapshots.get(key)?.version ?? -1) <= snapshot.version) snapshots.set(key, snapshot)
    },
    [Symbol.asyncDispose]: async () => snapshots.clear(),
  }
}
