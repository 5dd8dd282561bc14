import { HindcastError, type EventStore, type LogBatch, type ReadLogOptions } from '@hindcast/core'
import type { Faults, Plant } from './fault.js'
import { forever, logOf, replaced, turn } from './planting.js'

/** What is wrong with reading on at the end of history. */
export const tailFaults: Faults = {
  'loses what is appended at the seam between history and the tail': {
    plant: live(async function* (store, partition, options) {
      for await (const batch of history(store, partition, options)) {
        yield batch
        if (batch.next === batch.end) break
      }
      yield* store.readLog(partition, { ...options, from: await store.end(partition) })
    }),
    caughtBy: ['what is appended while a live reader handles its last batch comes next'],
  },
  'doubles what is read at the seam between history and the tail': {
    plant: live(async function* (store, partition, options) {
      let { from = 0n } = options
      for await (const batch of history(store, partition, options)) {
        yield batch
        if (batch.events[0]) from = batch.events[0].offset
      }
      yield* store.readLog(partition, { ...options, from })
    }),
    caughtBy: ['a live reader gets history and everything appended meanwhile, each event once and in order'],
  },
  'ends a live reader at the end of history': {
    plant: live(history),
    caughtBy: ['a live reader that waits at the end gets the next append, again and again'],
  },
  'wakes a live reader only once': {
    plant: live(async function* (store, partition, options) {
      let woken = 0
      for await (const batch of store.readLog(partition, options)) {
        if (woken++ > 1) await forever()
        yield batch
      }
    }),
    caughtBy: ['a live reader that waits at the end gets the next append, again and again'],
    hangs: true,
  },
  'begins every live read at the beginning': {
    plant: live((store, partition, { from: _, ...options }) => store.readLog(partition, options)),
    caughtBy: ['a live reader from the end gets only what comes'],
  },
  'splits an append across the batches of a live reader': {
    plant: live(async function* (store, partition, options) {
      for await (const batch of store.readLog(partition, options))
        for (const event of batch.events) yield { ...batch, events: [event], next: event.offset + 1n }
    }),
    caughtBy: ['no batch of a live reader ends within an append'],
  },
  'gives a live reader the checkpoint in front of its batch': {
    plant: live(async function* (store, partition, options) {
      let { from: next = 0n } = options
      for await (const batch of store.readLog(partition, options)) {
        yield { ...batch, next }
        next = batch.next
      }
    }),
    caughtBy: ['the batches of a live reader say how far it is'],
  },
  'tells a live reader an end that never moves': {
    plant: live(async function* (store, partition, options) {
      const end = await store.end(partition)
      for await (const batch of store.readLog(partition, options)) yield { ...batch, end }
    }),
    caughtBy: ['the batches of a live reader say how far it is'],
  },
  'feeds only one live reader': {
    plant: store => {
      let fed = false
      return live(async function* (_, partition, options) {
        if (fed) await forever()
        fed = true
        yield* store.readLog(partition, options)
      })(store, { opening: 1, stores: [], clock: { now: () => new Date() } })
    },
    caughtBy: ['two live readers both get everything'],
    hangs: true,
  },
  'gives a live reader the events of all partitions': {
    plant: live(async function* (store, partition, options) {
      for await (const batch of store.readLog(partition, options)) {
        const others = Array.from({ length: store.partitions }, (_, other) => logOf(store, other))
        yield { ...batch, events: (await Promise.all(others)).flat() }
      }
    }),
    caughtBy: ['a live reader gets nothing of other partitions'],
  },
  'throws when a live reader is aborted': {
    plant: live(async function* (store, partition, options) {
      yield* store.readLog(partition, options)
      options.signal?.throwIfAborted()
    }),
    caughtBy: ['aborting ends a waiting reader quietly, and the store stays usable'],
  },
  'does not hear an abort while it waits': {
    plant: live((store, partition, { signal: _, ...options }) => store.readLog(partition, options)),
    caughtBy: ['aborting ends a waiting reader quietly, and the store stays usable'],
    hangs: true,
  },
  'looks at the signal only at the end': {
    plant: store =>
      replaced(store, {
        readLog: async function* (partition, { signal, live: isLive = false, ...options } = {}) {
          let { from = 0n } = options
          for await (const batch of store.readLog(partition, options)) {
            yield batch
            from = batch.next
          }
          if (isLive && signal) yield* store.readLog(partition, { ...options, from, signal, live: true })
        },
      }),
    caughtBy: [
      'a reader whose signal is aborted before it starts ends quietly with nothing',
      'a reader that is aborted between two batches gets no further one',
    ],
  },
  'is locked by a reader that left its loop': {
    plant: store => {
      let locked = false
      return replaced(store, {
        append: (writes, options) => (locked ? forever() : store.append(writes, options)),
        readLog: async function* (partition, options) {
          let left = true
          try {
            yield* store.readLog(partition, options)
            left = false
          } finally {
            locked = left
          }
        },
      })
    },
    caughtBy: ['a reader that leaves its loop frees itself, and the store stays usable'],
    hangs: true,
  },
  'lets a waiting reader hang when it is closed': {
    plant: live((store, partition, options) => whenClosed(store.readLog(partition, options), forever)),
    caughtBy: ['closing the store ends a waiting reader with StoreClosedError'],
    hangs: true,
  },
  'ends a waiting reader quietly when it is closed': {
    plant: live((store, partition, options) => whenClosed(store.readLog(partition, options), turn)),
    caughtBy: ['closing the store ends a waiting reader with StoreClosedError'],
  },
  'hears only the appends of its own process': {
    plant: store => {
      const own = new Set<string>()
      return replaced(store, {
        append: (writes, options) => {
          own.add(options.commandId)
          return store.append(writes, options)
        },
        readLog: async function* (partition, options) {
          for await (const batch of store.readLog(partition, options))
            yield { ...batch, events: batch.events.filter(event => own.has(event.commandId)) }
        },
      })
    },
    caughtBy: ['a live reader gets what another store on the log appends'],
    hangs: true,
  },
}

type Read = (store: EventStore, partition: number, options: ReadLogOptions) => AsyncIterable<LogBatch>

/** Replaces live reading only. */
function live(read: Read): Plant {
  return store =>
    replaced(store, {
      readLog: (partition, options = {}) =>
        options.live ? read(store, partition, options) : store.readLog(partition, options),
    })
}

function history(store: EventStore, partition: number, options: ReadLogOptions): AsyncIterable<LogBatch> {
  return store.readLog(partition, { ...options, live: false })
}

async function* whenClosed(
  source: AsyncIterable<LogBatch>,
  instead: () => Promise<void>,
): AsyncGenerator<LogBatch> {
  try {
    yield* source
  } catch (error) {
    if (!(error instanceof HindcastError)) throw error
    await instead()
  }
}
