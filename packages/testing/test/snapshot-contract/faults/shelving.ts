import type { Plant } from './fault.js'

/** Keeps whatever is saved, also over something newer. */
export const snapshotKeptAsIs: Plant = (store, { kept }) => ({
  ...store,
  save: async snapshot => {
    await store.load(snapshot.stream, snapshot.fingerprint)
    kept.set(`${snapshot.stream} ${snapshot.fingerprint}`, snapshot)
  },
})
