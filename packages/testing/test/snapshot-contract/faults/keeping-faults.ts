import { snapshotKeptAsIs } from './shelving.js'
import { loading, saving, type Faults } from './fault.js'

/** What is wrong with what is kept. */
export const keepingFaults: Faults = {
  'makes up a snapshot of a stream that has none': {
    plant: store => ({
      ...store,
      load: async (stream, fingerprint) =>
        (await store.load(stream, fingerprint)) ?? {
          stream,
          fingerprint,
          version: -1,
          lastEventId: '',
          state: '{}',
        },
    }),
    caughtBy: [
      'a stream without a snapshot has none',
      'two builds keep snapshots of one stream side by side',
      'of a stream the builds that saved last are kept, and no more',
      'a build that saves again is not the one to go',
      'a snapshot is there for another store on the same place',
    ],
  },
  'forgets the id of the event': {
    plant: loading(snapshot => ({ ...snapshot, lastEventId: '' })),
    caughtBy: ['a snapshot comes back in every field'],
  },
  'cuts versions to 32 bits': {
    plant: loading(snapshot => ({ ...snapshot, version: snapshot.version >>> 0 })),
    caughtBy: ['a snapshot comes back in every field'],
  },
  'writes states anew': {
    plant: saving(snapshot => ({ ...snapshot, state: JSON.stringify(JSON.parse(snapshot.state)) })),
    caughtBy: ['a snapshot comes back in every field'],
  },
  'cuts large states': {
    plant: saving(snapshot => ({ ...snapshot, state: snapshot.state.slice(0, 65_536) })),
    caughtBy: ['a state of the largest size comes back'],
  },
  'never replaces a snapshot': {
    plant: store => ({
      ...store,
      save: async snapshot => {
        if (!(await store.load(snapshot.stream, snapshot.fingerprint))) await store.save(snapshot)
      },
    }),
    caughtBy: ['a newer snapshot takes the place of an older one'],
  },
  'keeps the snapshot that was saved last': {
    plant: snapshotKeptAsIs,
    caughtBy: [
      'an older snapshot never takes the place of a newer one',
      'of snapshots saved at the same time the newest stays',
      'what was saved is there after reopening',
      'an older snapshot of another store never takes the place of a newer one',
    ],
  },
  'looks and writes in two steps': {
    plant: (store, shelf) => ({
      ...store,
      save: async snapshot => {
        const known = await store.load(snapshot.stream, snapshot.fingerprint)
        await new Promise(resolve => setTimeout(resolve, 1))
        if ((known?.version ?? -1) <= snapshot.version) await snapshotKeptAsIs(store, shelf).save(snapshot)
      },
    }),
    caughtBy: ['of snapshots saved at the same time the newest stays'],
  },
  'cuts long stream ids': {
    plant: store => ({
      ...store,
      load: (stream, fingerprint) => store.load(stream.slice(0, 200), fingerprint),
      save: snapshot => store.save({ ...snapshot, stream: snapshot.stream.slice(0, 200) }),
    }),
    caughtBy: ['streams whose names are alike have snapshots of their own'],
  },
  'keeps nothing for the next opening': {
    plant: (store, shelf) => ({
      ...store,
      [Symbol.asyncDispose]: async () => {
        shelf.kept.clear()
        await store[Symbol.asyncDispose]()
      },
    }),
    caughtBy: [
      'what was saved is there after reopening',
      'of saves under way while a store closes, the acknowledged are there',
    ],
  },
  'shows its snapshots to nobody else': {
    plant: store => {
      const own = new Set<string>()
      return {
        ...store,
        save: async snapshot => {
          own.add(snapshot.stream)
          await store.save(snapshot)
        },
        load: async (stream, fingerprint) => (own.has(stream) ? store.load(stream, fingerprint) : undefined),
      }
    },
    caughtBy: ['a snapshot is there for another store on the same place'],
  },
}
