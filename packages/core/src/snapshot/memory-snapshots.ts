import { StoreClosedError } from '../store/errors.js'
import { SNAPSHOT_BUILDS, type Snapshot, type SnapshotStore } from './snapshot-store.js'

/** What {@link memorySnapshots} may be told. */
export interface MemorySnapshotsOptions {
  /** Of how many streams snapshots are kept, those used last. Default 10,000. */
  readonly maxStreams?: number
}

/** Snapshots in memory, for as long as the process lives; the reference of what every snapshot store does. */
export function memorySnapshots({ maxStreams = 10_000 }: MemorySnapshotsOptions = {}): SnapshotStore {
  /** By stream, the one used last at the end; in each by fingerprint, the one saved last at the end. */
  const streams = new Map<string, Map<string, Snapshot>>()
  let closed = false
  const use = (stream: string): Map<string, Snapshot> | undefined => {
    if (closed) throw new StoreClosedError('a snapshot')
    const builds = streams.get(stream)
    if (builds) streams.delete(stream)
    if (builds) streams.set(stream, builds)
    return builds
  }
  return {
    load: async (stream, fingerprint) => use(stream)?.get(fingerprint),
    fingerprints: async stream => [...(use(stream)?.keys() ?? [])],
    save: async snapshot => {
      const { stream, fingerprint } = snapshot
      const builds = use(stream) ?? new Map<string, Snapshot>()
      if ((builds.get(fingerprint)?.version ?? -1) > snapshot.version) return
      builds.delete(fingerprint)
      builds.set(fingerprint, snapshot)
      if (builds.size > SNAPSHOT_BUILDS) builds.delete(builds.keys().next().value!)
      streams.set(stream, builds)
      if (streams.size > maxStreams) streams.delete(streams.keys().next().value!)
    },
    [Symbol.asyncDispose]: async () => {
      closed = true
      streams.clear()
    },
  }
}
