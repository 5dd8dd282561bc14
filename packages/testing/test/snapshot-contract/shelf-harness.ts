import {
  SNAPSHOT_BUILDS,
  SnapshotDamagedError,
  StoreClosedError,
  type Snapshot,
  type SnapshotStore,
} from '@hindcast/core'
import type { SnapshotStoreHarness } from '@hindcast/testing'
import type { Plant, Shelf } from './faults/fault.js'

const healthy: Plant = store => store

/** Snapshots in memory that outlive their stores and can be damaged, with a fault planted before each store if one is given. */
export function shelfHarness(plant: Plant = healthy, timeoutMs?: number): SnapshotStoreHarness {
  const shelves = new WeakMap<SnapshotStore, Shelf>()
  const openOn = (shelf: Shelf): SnapshotStore => {
    const planted = plant(storeOn(shelf), shelf)
    shelves.set(planted, shelf)
    return planted
  }
  return {
    open: async () => openOn({ kept: new Map(), damaged: new Set() }),
    reopen: async store => {
      await store[Symbol.asyncDispose]()
      return openOn(shelves.get(store)!)
    },
    second: async store => openOn(shelves.get(store)!),
    damage: async (store, stream, fingerprint) => {
      const { kept, damaged } = shelves.get(store)!
      damaged.add(kept.get(`${stream} ${fingerprint}`)!)
    },
    ...(timeoutMs !== undefined && { timeoutMs }),
  }
}

/** A healthy store on a shelf. */
function storeOn({ kept, damaged }: Shelf): SnapshotStore {
  let closed = false
  const find = (stream: string, fingerprint: string): Snapshot | undefined => {
    if (closed) throw new StoreClosedError('a snapshot')
    return kept.get(`${stream} ${fingerprint}`)
  }
  return {
    load: async (stream, fingerprint) => {
      const found = find(stream, fingerprint)
      if (found && damaged.has(found)) throw new SnapshotDamagedError(stream, fingerprint, 'it was damaged')
      return found
    },
    fingerprints: async stream => {
      if (closed) throw new StoreClosedError('a snapshot')
      return [...kept.values()].filter(each => each.stream === stream).map(({ fingerprint }) => fingerprint)
    },
    save: async snapshot => {
      const { stream, fingerprint, version } = snapshot
      const before = find(stream, fingerprint)
      if (before && before.version > version && !damaged.has(before)) return
      kept.delete(`${stream} ${fingerprint}`)
      kept.set(`${stream} ${fingerprint}`, snapshot)
      const builds = [...kept].filter(([, each]) => each.stream === stream)
      if (builds.length > SNAPSHOT_BUILDS) kept.delete(builds[0]![0])
    },
    [Symbol.asyncDispose]: async () => {
      closed = true
    },
  }
}
