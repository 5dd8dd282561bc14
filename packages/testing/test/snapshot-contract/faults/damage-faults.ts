import { SnapshotDamagedError } from '@hindcast/core'
import type { Faults } from './fault.js'

/** What is wrong with damage. */
export const damageFaults: Faults = {
  'gives damaged snapshots': {
    plant: (store, { kept }) => ({
      ...store,
      load: async (stream, fingerprint) => {
        await store.load(stream, fingerprint).catch(() => undefined)
        return kept.get(`${stream} ${fingerprint}`)
      },
    }),
    caughtBy: ['a damaged snapshot is refused, and the others are not'],
  },
  'hides damage': {
    plant: store => ({
      ...store,
      load: (stream, fingerprint) =>
        store.load(stream, fingerprint).catch((error: unknown) => {
          if (error instanceof SnapshotDamagedError) return undefined
          throw error
        }),
    }),
    caughtBy: ['a damaged snapshot is refused, and the others are not'],
  },
  'refuses everything when one snapshot is damaged': {
    plant: (store, { damaged }) => ({
      ...store,
      load: async (stream, fingerprint) => {
        if (damaged.size > 0) throw new SnapshotDamagedError(stream, fingerprint, 'something is damaged')
        return store.load(stream, fingerprint)
      },
    }),
    caughtBy: ['a damaged snapshot is refused, and the others are not'],
  },
  'takes the version of a damaged snapshot for true': {
    plant: (store, { kept }) => ({
      ...store,
      save: async snapshot => {
        const known = kept.get(`${snapshot.stream} ${snapshot.fingerprint}`)
        if ((known?.version ?? -1) <= snapshot.version) await store.save(snapshot)
      },
    }),
    caughtBy: ['the next snapshot takes the place of a damaged one, whatever its version'],
  },
  'does not name the build of a damaged snapshot': {
    plant: (store, { kept, damaged }) => ({
      ...store,
      fingerprints: async stream =>
        [...kept.values()]
          .filter(each => each.stream === stream && !damaged.has(each))
          .map(({ fingerprint }) => fingerprint),
    }),
    caughtBy: ['the build of a damaged snapshot is named, so that it can be found'],
  },
}
