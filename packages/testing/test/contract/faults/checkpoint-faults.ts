import { HindcastError, type EventStore, type LogBatch, type ReadLogOptions } from '@hindcast/core'
import type { Faults } from './fault.js'
import { forever, readingBatches, readingLog, replaced } from './planting.js'

/** What is wrong with batches and checkpoints. */
export const checkpointFaults: Faults = {
  'gives a checkpoint one too small': {
    plant: readingBatches(batch => (batch.events.length > 0 ? { ...batch, next: batch.next - 1n } : batch)),
    caughtBy: [
      'next lies behind the events of its batch, grows, and ends at the end',
      'reading again from any checkpoint gives exactly the rest',
    ],
  },
  'gives a checkpoint one too large': {
    plant: readingBatches(batch => (batch.next < batch.end ? { ...batch, next: batch.next + 1n } : batch)),
    caughtBy: ['reading again from any checkpoint gives exactly the rest'],
  },
  'skips the event at a checkpoint': {
    plant: readingLog(async function* (store, partition, options) {
      const { from = 0n } = options
      const end = await store.end(partition)
      yield* store.readLog(partition, { ...options, from: from > 1n && from < end ? from + 1n : from })
    }),
    caughtBy: ['reading again from any checkpoint gives exactly the rest'],
  },
  'splits an append across batches': {
    plant: readingLog((store, partition, options) => split(store, partition, options)),
    caughtBy: ['no batch ends within an append, however small it is asked to be'],
  },
  'ignores how many events a batch may hold': {
    plant: readingLog((store, partition, { batchEvents: _, ...options }) =>
      store.readLog(partition, options),
    ),
    caughtBy: ['a batch holds no more events than asked for, unless a single append is larger'],
  },
  'gives everything in one batch by default': {
    plant: readingLog((store, partition, options) =>
      store.readLog(partition, { batchEvents: Number.MAX_SAFE_INTEGER, ...options }),
    ),
    caughtBy: ['by default a batch holds at most 1,000 events'],
  },
  'gives the last event again to who reads from the end': {
    plant: readingLog(async function* (store, partition, options) {
      const end = await store.end(partition)
      yield* store.readLog(partition, options.from === end ? { ...options, from: end - 1n } : options)
    }),
    caughtBy: ['reading from the end gives nothing and stays there'],
  },
  'reads nothing beyond the end instead of refusing': {
    plant: readingLog((store, partition, options) => beyondTheEnd(store, partition, options, async () => {})),
    caughtBy: ['reading from beyond the end is refused', 'reading live from beyond the end is refused'],
  },
  'waits beyond the end instead of refusing': {
    plant: readingLog((store, partition, options) => beyondTheEnd(store, partition, options, forever)),
    caughtBy: ['reading live from beyond the end is refused'],
    hangs: true,
  },
  'takes an unknown partition for an empty one': {
    plant: store =>
      replaced(store, {
        end: (partition, options) => store.end(Number.isInteger(partition) ? partition : 0, options),
        readLog: async function* (partition, options) {
          if (partition in Array.from({ length: store.partitions })) yield* store.readLog(partition, options)
        },
      }),
    caughtBy: ['reading a partition refuses unknown partitions and bad options'],
  },
  'takes bad options of a partition read for none': {
    plant: readingLog(async function* (store, partition, options) {
      const { batchEvents = 1000, from = 0n } = options
      yield* store.readLog(partition, {
        ...options,
        from: from < 0n ? 0n : from,
        batchEvents: batchEvents >= 1 ? Math.floor(batchEvents) : 1,
      })
    }),
    caughtBy: ['reading a partition refuses unknown partitions and bad options'],
  },
}

async function* split(
  store: EventStore,
  partition: number,
  options: ReadLogOptions,
): AsyncGenerator<LogBatch> {
  const { batchEvents = 1000 } = options
  for await (const batch of store.readLog(partition, options)) {
    if (batch.events.length <= batchEvents) yield batch
    else
      for (let n = 0; n < batch.events.length; n += batchEvents) {
        const events = batch.events.slice(n, n + batchEvents)
        yield { ...batch, events, next: events.at(-1)!.offset + 1n }
      }
  }
}

async function* beyondTheEnd(
  store: EventStore,
  partition: number,
  options: ReadLogOptions,
  instead: () => Promise<void>,
): AsyncGenerator<LogBatch> {
  try {
    yield* store.readLog(partition, options)
  } catch (error) {
    if (!(error instanceof HindcastError) || error.code !== 'HC_READ_OUT_OF_RANGE') throw error
    await instead()
  }
}
