import {
  HindcastError,
  StoreClosedError,
  makePosition,
  partitionOf,
  type Appended,
  type AppendOptions,
  type EventStore,
  type StreamWrite,
} from '@hindcast/core'
import type { Faults } from './fault.js'
import { appending, each, eventsOf, replaced, turn } from './planting.js'

/** What is wrong with closing, and with what is there after opening again. */
export const closingFaults: Faults = {
  'acknowledges an append before it is written': {
    plant: store => {
      let unwritten: (() => Promise<unknown>) | undefined
      return replaced(store, {
        append: async (writes, options) => {
          await unwritten?.()
          unwritten = () => store.append(writes, options)
          return predicted(store, writes)
        },
      })
    },
    caughtBy: ['what is acknowledged is there to read at once, and after reopening'],
  },
  'loses the last append when it is closed': {
    plant: store => {
      let unwritten: { writes: readonly StreamWrite[]; options: AppendOptions } | undefined
      const flush = async (): Promise<void> => {
        const append = unwritten
        unwritten = undefined
        if (append) await store.append(append.writes, append.options)
      }
      return replaced(store, {
        append: async (writes, options) => {
          await flush()
          unwritten = { writes, options }
          return predicted(store, writes)
        },
        readStream: async function* (stream, options) {
          await flush()
          yield* store.readStream(stream, options)
        },
      })
    },
    caughtBy: [
      'of appends that run while the store closes, the acknowledged are there and the refused are not',
    ],
  },
  'numbers versions anew on reopening': {
    plant: (store, { opening }) =>
      replaced(store, {
        readStream: (stream, options) =>
          each(store.readStream(stream, options), batch =>
            opening === 1 ? batch : batch.map(event => ({ ...event, version: event.version + opening })),
          ),
      }),
    caughtBy: ['versions and offsets go on without a gap after reopening'],
  },
  'acknowledges appends after closing': {
    plant: appending((store, writes, options) =>
      store.append(writes, options).catch((error: unknown) => {
        if (!(error instanceof StoreClosedError)) throw error
        const position = makePosition(store.logId, 0, 1n)
        return { kind: 'appended' as const, repeated: false, versions: writes.map(() => 0), position }
      }),
    ),
    caughtBy: [
      'of appends that run while the store closes, the acknowledged are there and the refused are not',
      'a closed store refuses every call, and nothing is written',
    ],
  },
  'writes what it refuses while it closes': {
    plant: store => {
      let closing = false
      return replaced(store, {
        append: async (writes, options) => {
          const result = await store.append(writes, options)
          if (closing) throw new StoreClosedError('an append')
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
      'of appends that run while the store closes, the acknowledged are there and the refused are not',
    ],
  },
  'can be used after closing': {
    plant: store => replaced(store, { [Symbol.asyncDispose]: async () => undefined }),
    caughtBy: [
      'a closed store refuses every call, and nothing is written',
      'closing ends a reader that stands between two batches with StoreClosedError',
    ],
  },
  'still answers repeats after closing': {
    plant: store => {
      const known = new Map<string, Appended>()
      return replaced(store, {
        append: async (writes, options) => {
          const before = known.get(options.commandId)
          if (before) return { ...before, repeated: true }
          const result = await store.append(writes, options)
          if (result.kind === 'appended') known.set(options.commandId, result)
          return result
        },
      })
    },
    caughtBy: ['a closed store refuses every call, and nothing is written'],
  },
  'says only that it is closed': {
    plant: appending(async (store, writes, options) => {
      await store.end(0)
      return store.append(writes, options)
    }),
    caughtBy: ['a malformed append is told what is wrong with it even by a closed store'],
  },
  'cannot be closed twice': {
    plant: store => {
      let closed = false
      return replaced(store, {
        [Symbol.asyncDispose]: async () => {
          if (closed) throw new StoreClosedError('closing')
          closed = true
          await store[Symbol.asyncDispose]()
        },
      })
    },
    caughtBy: ['closing twice, and at the same time, is harmless'],
  },
  'ends a reader between two batches quietly when it is closed': {
    plant: store =>
      replaced(store, {
        readLog: async function* (partition, options) {
          try {
            yield* store.readLog(partition, options)
          } catch (error) {
            if (!(error instanceof HindcastError) || error.code !== 'HC_STORE_CLOSED') throw error
          }
        },
      }),
    caughtBy: ['closing ends a reader that stands between two batches with StoreClosedError'],
  },
  'closes every store on the log with one': {
    plant: (store, { stores }) =>
      replaced(store, {
        [Symbol.asyncDispose]: async () => {
          for (const other of stores) await other[Symbol.asyncDispose]()
        },
      }),
    caughtBy: ['closing one store leaves another on the same log usable'],
  },
}

/** What an append would answer if it were written now. */
async function predicted(store: EventStore, writes: readonly StreamWrite[]): Promise<Appended> {
  const partition = partitionOf(writes[0]!.stream, store.partitions)
  const versions: number[] = []
  for (const { stream, events } of writes)
    versions.push((await eventsOf(store, stream)).length + events.length - 1)
  const offset = (await store.end(partition)) + BigInt(writes.flatMap(write => write.events).length - 1)
  return {
    kind: 'appended',
    repeated: false,
    versions,
    position: makePosition(store.logId, partition, offset),
  }
}
