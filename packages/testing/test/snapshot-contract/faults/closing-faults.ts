import { StoreClosedError } from '@hindcast/core'
import type { Faults } from './fault.js'

const CLOSED = 'a closed store refuses to load, to look and to save, and closing it again does no harm'

/** What is wrong with closing. */
export const closingFaults: Faults = {
  'loads although it is closed': {
    plant: (store, { kept }) => ({
      ...store,
      load: async (stream, fingerprint) => kept.get(`${stream} ${fingerprint}`),
    }),
    caughtBy: [CLOSED],
  },
  'names builds although it is closed': {
    plant: (store, { kept }) => ({
      ...store,
      fingerprints: async stream =>
        [...kept.values()].filter(each => each.stream === stream).map(({ fingerprint }) => fingerprint),
    }),
    caughtBy: [CLOSED],
  },
  'pretends to save when it is closed': {
    plant: store => ({ ...store, save: snapshot => store.save(snapshot).catch(() => undefined) }),
    caughtBy: [CLOSED],
  },
  'refuses to be closed again': {
    plant: store => {
      let closings = 0
      return {
        ...store,
        [Symbol.asyncDispose]: async () => {
          if (++closings > 1) throw new StoreClosedError('closing')
          await store[Symbol.asyncDispose]()
        },
      }
    },
    caughtBy: [CLOSED],
  },
  'acknowledges what it has not kept yet': {
    plant: store => ({
      ...store,
      save: async snapshot => {
        setTimeout(() => void store.save(snapshot).catch(() => undefined), 0)
      },
    }),
    caughtBy: ['of saves under way while a store closes, the acknowledged are there'],
  },
  'drops everything under way when it is closed': {
    plant: store => {
      let closed = false
      return {
        ...store,
        save: async snapshot => {
          await new Promise(resolve => setTimeout(resolve, 1))
          if (closed) throw new StoreClosedError('a snapshot')
          await store.save(snapshot)
        },
        [Symbol.asyncDispose]: async () => {
          closed = true
          await store[Symbol.asyncDispose]()
        },
      }
    },
    caughtBy: ['of saves under way while a store closes, the acknowledged are there'],
  },
}
