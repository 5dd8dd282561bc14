import { StreamIdError, type RecordedEvent } from '@hindcast/core'
import type { Faults } from './fault.js'
import { each, eventsOf, logOf, readingStream, replaced } from './planting.js'

/** What is wrong with reading a stream. */
export const streamFaults: Faults = {
  'skips the first event of a stream': {
    plant: readingStream((store, stream, options) =>
      store.readStream(stream, {
        ...options,
        ...(options.direction !== 'backwards' && { from: (options.from ?? 0) + 1 }),
      }),
    ),
    caughtBy: [
      'a stream reads from its first event to its last',
      'from and limit choose the events of a forwards read',
    ],
  },
  'reuses a version': {
    plant: store =>
      replaced(store, {
        readStream: (stream, options) =>
          each(store.readStream(stream, options), batch =>
            batch.map(event => ({ ...event, version: event.version - (event.version >= 2 ? 1 : 0) })),
          ),
      }),
    caughtBy: [
      "'any' appends to a stream without events and to one with events",
      'a stream reads from its first event to its last',
      'versions and offsets go on without a gap after reopening',
    ],
  },
  'reads backwards in the order of forwards': {
    plant: readingStream((store, stream, { direction: _, ...options }) => store.readStream(stream, options)),
    caughtBy: ['a stream reads backwards from its last event to its first'],
  },
  'turns only the batches of a backwards read, not the events in them': {
    plant: readingStream((store, stream, options) =>
      each(store.readStream(stream, options), batch =>
        options.direction === 'backwards' ? batch.toReversed() : batch,
      ),
    ),
    caughtBy: [
      'a stream reads backwards from its last event to its first',
      'a stream of 2,500 events reads whole in both directions, across batches',
    ],
  },
  'ignores from when it reads backwards': {
    plant: readingStream((store, stream, { from, ...options }) =>
      store.readStream(stream, {
        ...options,
        ...(from !== undefined && options.direction !== 'backwards' && { from }),
      }),
    ),
    caughtBy: ['from and limit choose the events of a backwards read'],
  },
  'reads one event more than the limit': {
    plant: readingStream((store, stream, { limit, ...options }) =>
      store.readStream(stream, { ...options, ...(limit !== undefined && { limit: limit + 1 }) }),
    ),
    caughtBy: [
      'from and limit choose the events of a forwards read',
      'from and limit choose the events of a backwards read',
    ],
  },
  'reads only the first batch of a stream': {
    plant: readingStream(async function* (store, stream, options) {
      for await (const batch of store.readStream(stream, options)) return yield batch
    }),
    caughtBy: ['a stream of 2,500 events reads whole in both directions, across batches'],
  },
  'reads all streams of the partition': {
    plant: readingStream(async function* (store, stream, options) {
      const [first] = await eventsOf(store, stream)
      if (!first) return
      const events: RecordedEvent[] = await logOf(store, first.partition)
      yield options.direction === 'backwards' ? events.toReversed() : events
    }),
    caughtBy: ['a stream reads nothing of the other streams of its partition'],
  },
  'refuses to read an unknown stream': {
    plant: readingStream(async function* (store, stream, options) {
      if ((await eventsOf(store, stream)).length === 0) throw new StreamIdError(stream, 'it is unknown')
      yield* store.readStream(stream, options)
    }),
    caughtBy: ['an unknown stream has no events, in both directions'],
  },
  'reads a stream from a cache that nothing refreshes': {
    plant: store => {
      const cache = new Map<string, readonly RecordedEvent[]>()
      return replaced(store, {
        readStream: async function* (stream, options = {}) {
          const events = cache.get(stream) ?? (await eventsOf(store, stream, options))
          cache.set(stream, events)
          yield events
        },
      })
    },
    caughtBy: ['a read sees what was acknowledged before it'],
  },
  'takes bad options of a stream read for none': {
    plant: readingStream((store, stream, { from = 0, limit = 1e9, direction }) =>
      store.readStream(stream, {
        ...(from > 0 && { from: Math.floor(from) }),
        limit: Math.max(Math.floor(limit), 0),
        direction: direction === 'backwards' ? direction : 'forwards',
      }),
    ),
    caughtBy: ['reading a stream refuses bad options'],
  },
}
