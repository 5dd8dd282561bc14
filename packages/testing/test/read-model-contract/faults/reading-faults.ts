import type { ReadSnapshot } from '@hindcast/core'
import type { Faults } from './fault.js'
import { Broken, calledOff, reading, replaced, turn } from './planting.js'

/** What is wrong with reading, and with waiting for something to read. */
export const readingFaults: Faults = {
  'throws where there is no row': {
    plant: reading((snapshot, query) => {
      if (query.kind === 'key' && snapshot.rows.length === 0) throw new Broken('no such row')
      return snapshot
    }),
    caughtBy: ['without rows nothing is read'],
  },
  'says how far the foremost partition has come': {
    plant: store =>
      replaced(store, {
        read: async (projection, query, at) => {
          const snapshot = await store.read(projection, query, at)
          const all = (await store.standing(projection)).map(({ next }) => next)
          return { ...snapshot, reached: all.toSorted((a, b) => (a < b ? 1 : -1))[0] ?? 0n }
        },
      }),
    caughtBy: ['a read says how far the asked partition has come, and no other'],
  },
  'reads the checkpoint after the rows': {
    plant: store =>
      replaced(store, {
        read: async (projection, query, at) => {
          const snapshot = await store.read(projection, query, at)
          if (!at) return snapshot
          await turn()
          const { reached } = await store.read(projection, query, at)
          return { ...snapshot, reached: reached! }
        },
      }),
    caughtBy: [
      'the row and the checkpoint of a read are of one moment',
      'all rows and the checkpoint of a read are of one moment',
      'a read through another store is of one moment too',
    ],
  },
  'reads what is parked after the rows': {
    plant: store =>
      replaced(store, {
        read: async (projection, query, at) => {
          const { rows, reached } = await store.read(projection, query, at)
          if (!at) return { rows }
          await turn()
          const { parked } = await store.read(projection, query, at)
          return { rows, reached: reached!, ...(parked && { parked }) }
        },
      }),
    caughtBy: ['what a read says to be parked is of the moment of its rows'],
  },
  'says of no read that something is parked': {
    plant: reading(({ parked: _, ...snapshot }): ReadSnapshot => snapshot),
    caughtBy: [
      'a read says which parked event is in the way: the first of the key, or that at the offset',
      'what a read says to be parked is of the moment of its rows',
    ],
  },
  'names the last parked event of a key': {
    plant: store =>
      replaced(store, {
        read: async (projection, query, at) => {
          const snapshot = await store.read(projection, query, at)
          if (!at || !snapshot.parked || query.kind !== 'key') return snapshot
          const all = await store.parked({ ...projection, ...at })
          const last = all.findLast(({ keys }) => keys.includes(query.key)) ?? snapshot.parked
          return { ...snapshot, parked: last }
        },
      }),
    caughtBy: ['a read says which parked event is in the way: the first of the key, or that at the offset'],
  },
  'waits for the next move although the checkpoint is beyond': {
    plant: store =>
      replaced(store, {
        moved: async (at, _, signal) => store.moved(at, await store.checkpoint(at), signal),
      }),
    caughtBy: ['who waits for what is there already does not wait'],
    hangs: true,
  },
  'looks first and listens later': {
    plant: store =>
      replaced(store, {
        moved: async (at, beyond, signal) => {
          if ((await store.checkpoint(at)) > beyond) return
          await turn()
          await store.moved(at, await store.checkpoint(at), signal)
        },
      }),
    caughtBy: ['a move is not missed, whenever the waiting begins'],
    hangs: true,
  },
  'wakes one of those who wait': {
    plant: store => {
      let waiting = 0
      return replaced(store, {
        moved: async (at, beyond, signal) => {
          if (waiting++ > 0) await calledOff(signal)
          await store.moved(at, beyond, signal)
        },
      })
    },
    caughtBy: ['everybody who waits is woken when the checkpoint moves beyond'],
    hangs: true,
  },
  'hears only of its own moves': {
    plant: store => {
      let committed = (): void => undefined
      return replaced(store, {
        transact: async (fence, work) => {
          const result = await store.transact(fence, work)
          committed()
          return result
        },
        moved: async (at, beyond, signal) => {
          if ((await store.checkpoint(at)) > beyond) return
          await Promise.race([new Promise<void>(resolve => (committed = resolve)), calledOff(signal)])
        },
      })
    },
    caughtBy: ['who waits is woken by a move through another store'],
    hangs: true,
  },
  'throws when waiting is called off': {
    plant: store =>
      replaced(store, {
        moved: async (at, beyond, signal) => {
          await store.moved(at, beyond, signal)
          if (signal.aborted) throw new Broken('aborted')
        },
      }),
    caughtBy: ['waiting is called off quietly, before it begins and afterwards'],
  },
  'does not hear that waiting is called off': {
    plant: store =>
      replaced(store, {
        moved: (at, beyond) => store.moved(at, beyond, new AbortController().signal),
      }),
    caughtBy: ['waiting is called off quietly, before it begins and afterwards'],
    hangs: true,
  },
  'sends those who wait to look all the time': {
    plant: store => replaced(store, { moved: turn }),
    caughtBy: ['who waits while nothing moves is not sent to look all the time'],
  },
}
