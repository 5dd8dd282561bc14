import { ReadModelsClosedError } from '@hindcast/core'
import type { Faults } from './fault.js'
import { replaced, turn } from './planting.js'

/** What is wrong with closing. */
export const closingFaults: Faults = {
  'can be used after closing': {
    plant: store => replaced(store, { [Symbol.asyncDispose]: async () => undefined }),
    caughtBy: [
      'a closed store refuses every call, and nothing is written',
      'of transactions that run while the store closes, the committed are there and the refused are not',
    ],
  },
  'takes requests after closing': {
    plant: store => replaced(store, { request: request => store.request(request).catch(() => undefined) }),
    caughtBy: ['a closed store refuses every call, and nothing is written'],
  },
  'cannot be closed twice': {
    plant: store => {
      let closed = false
      return replaced(store, {
        [Symbol.asyncDispose]: async () => {
          if (closed) throw new ReadModelsClosedError('closing')
          closed = true
          await store[Symbol.asyncDispose]()
        },
      })
    },
    caughtBy: ['closing twice, and at the same time, is harmless'],
  },
  'commits what it refuses while it closes': {
    plant: store => {
      let closing = false
      return replaced(store, {
        transact: async (fence, work) => {
          const result = await store.transact(fence, work)
          if (closing) throw new ReadModelsClosedError('a transaction')
          return result
        },
        [Symbol.asyncDispose]: async () => {
          closing = true
          await turn()
          await store[Symbol.asyncDispose]()
        },
      })
    },
    caughtBy: [
      'of transactions that run while the store closes, the committed are there and the refused are not',
    ],
  },
  'cannot be closed while somebody waits': {
    plant: store => {
      const waiting = new Set<Promise<void>>()
      return replaced(store, {
        moved: (at, beyond, signal) => {
          const waits = store.moved(at, beyond, signal)
          waiting.add(waits)
          return waits
        },
        [Symbol.asyncDispose]: async () => {
          await Promise.all(waiting)
          await store[Symbol.asyncDispose]()
        },
      })
    },
    caughtBy: ['a store can be closed while somebody waits for a checkpoint'],
    hangs: true,
  },
  'closes every store on the read models with one': {
    plant: (store, { stores }) =>
      replaced(store, {
        [Symbol.asyncDispose]: async () => {
          for (const other of stores) await other[Symbol.asyncDispose]()
        },
      }),
    caughtBy: ['closing one store leaves another on the same read models usable'],
  },
}
