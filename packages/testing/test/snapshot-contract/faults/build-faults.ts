import { SNAPSHOT_BUILDS, type Snapshot } from '@hindcast/core'
import { loading, type Faults } from './fault.js'
import { snapshotKeptAsIs } from './shelving.js'

/** What is wrong with the snapshots of several builds. */
export const buildFaults: Faults = {
  'lets one build replace the snapshot of another': {
    plant: (store, { kept }) => ({
      ...store,
      save: async snapshot => {
        for (const [key, { stream }] of kept) if (stream === snapshot.stream) kept.delete(key)
        await store.save(snapshot)
      },
    }),
    caughtBy: ['two builds keep snapshots of one stream side by side'],
  },
  'keeps the snapshots of every build for ever': {
    plant: snapshotKeptAsIs,
    caughtBy: ['of a stream the builds that saved last are kept, and no more'],
  },
  'drops the build that saved first, not the one that saved longest ago': {
    plant: (store, { kept }) => {
      const first = new Map<string, number>()
      return {
        ...store,
        save: async snapshot => {
          const { stream, fingerprint } = snapshot
          await store.load(stream, fingerprint)
          if (!first.has(fingerprint)) first.set(fingerprint, first.size)
          kept.set(`${stream} ${fingerprint}`, snapshot)
          const builds = [...kept.values()].filter(each => each.stream === stream)
          if (builds.length <= SNAPSHOT_BUILDS) return
          const age = (build: string): number => first.get(build)!
          const oldest = builds.reduce((a, b) => (age(b.fingerprint) < age(a.fingerprint) ? b : a))
          kept.delete(`${stream} ${oldest.fingerprint}`)
        },
      }
    },
    caughtBy: ['a build that saves again is not the one to go'],
  },
  'counts the builds of streams whose names begin alike together': {
    plant: (store, { kept }) => ({
      ...store,
      save: async snapshot => {
        await store.save(snapshot)
        const alike = [...kept].filter(([, { stream }]) => snapshot.stream.startsWith(stream))
        if (alike.length > SNAPSHOT_BUILDS) kept.delete(alike[0]![0])
      },
    }),
    caughtBy: ['builds of one stream do not make those of another go'],
  },
  'gives the snapshot of another build when it has none': {
    plant: (store, { kept }) => ({
      ...store,
      load: async (stream, fingerprint) =>
        (await store.load(stream, fingerprint)) ??
        [...kept.values()].find(snapshot => snapshot.stream === stream),
    }),
    caughtBy: ['two builds keep snapshots of one stream side by side'],
  },
  'mixes fingerprints up': {
    plant: loading(snapshot => ({ ...snapshot, fingerprint: snapshot.fingerprint.slice(0, 7) })),
    caughtBy: [
      'two builds keep snapshots of one stream side by side',
      'a snapshot comes back in every field',
    ],
  },
  'names the builds of streams whose names begin alike as well': {
    plant: (store, { kept }) => ({
      ...store,
      fingerprints: async stream =>
        [...kept.values()].filter(each => each.stream.startsWith(stream)).map(each => each.fingerprint),
    }),
    caughtBy: ['the builds of a stream are named, and not those of streams whose names are alike'],
  },
  'names only the build that saved last': {
    plant: store => ({
      ...store,
      fingerprints: async stream => (await store.fingerprints(stream)).slice(-1),
    }),
    caughtBy: [
      'the builds of a stream are named, and not those of streams whose names are alike',
      'a build that had to go is named no more',
    ],
  },
  'goes on to name builds whose snapshots it has dropped': {
    plant: store => {
      const all: Snapshot[] = []
      return {
        ...store,
        save: async snapshot => {
          await store.save(snapshot)
          all.push(snapshot)
        },
        fingerprints: async stream => [
          ...new Set(all.filter(each => each.stream === stream).map(({ fingerprint }) => fingerprint)),
        ],
      }
    },
    caughtBy: ['a build that had to go is named no more'],
  },
}
