import type { Snapshot, SnapshotStore } from '@hindcast/core'
import type * as planted from '../../planted/fault.js'

/** What outlives the stores. */
export interface Shelf {
  /** By stream and fingerprint, the one saved last at the end. */
  readonly kept: Map<string, Snapshot>
  readonly damaged: Set<Snapshot>
}

/** Puts something broken between the suite and a healthy store. */
export type Plant = (store: SnapshotStore, shelf: Shelf) => SnapshotStore

/** Faults by what they do wrong. */
export type Faults = planted.Faults<Plant>

/** A store whose loads give something else. */
export function loading(change: (snapshot: Snapshot) => Snapshot | undefined): Plant {
  return store => ({
    ...store,
    load: async (stream, fingerprint) => {
      const found = await store.load(stream, fingerprint)
      return found && change(found)
    },
  })
}

/** A store that is given something else to save. */
export function saving(change: (snapshot: Snapshot) => Snapshot): Plant {
  return store => ({ ...store, save: snapshot => store.save(change(snapshot)) })
}
