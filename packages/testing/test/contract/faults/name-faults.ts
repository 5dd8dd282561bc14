import { StreamIdError, type EventStore } from '@hindcast/core'
import type { Faults, Plant } from './fault.js'
import { appending, eventsOf, givenOptions, givenWrites, readingStream, replaced } from './planting.js'

/** What is wrong with names. */
export const nameFaults: Faults = {
  'takes keys that differ in case for one': {
    plant: naming(stream => stream.toLowerCase()),
    caughtBy: ['streams with odd keys are kept apart, read back and survive reopening'],
  },
  'takes keys that look alike for one': {
    plant: naming(stream => stream.normalize('NFKC')),
    caughtBy: ['streams with odd keys are kept apart, read back and survive reopening'],
  },
  'cuts spaces off keys': {
    plant: naming(stream => (stream.trim().endsWith('-') ? stream : stream.trim())),
    caughtBy: ['streams with odd keys are kept apart, read back and survive reopening'],
  },
  'cuts long keys': {
    plant: naming(stream => (stream.length > 208 ? stream : stream.slice(0, 190))),
    caughtBy: ['streams with odd keys are kept apart, read back and survive reopening'],
  },
  'reads the streams whose names begin alike': {
    plant: store => {
      const known = new Set<string>()
      return replaced(store, {
        append: (writes, options) => {
          for (const { stream } of writes) known.add(stream)
          return store.append(writes, options)
        },
        readStream: async function* (stream, options) {
          yield await eventsOf(store, stream, options)
          for (const other of known)
            if (other !== stream && other.startsWith(stream)) yield await eventsOf(store, other, options)
        },
      })
    },
    caughtBy: ['streams whose names begin alike do not mix'],
  },
  'takes command ids that differ in case for one': {
    plant: givenOptions(options => ({ ...options, commandId: options.commandId.toLowerCase() })),
    caughtBy: ['command ids and event ids may hold any characters'],
  },
  'cuts spaces off event ids': {
    plant: givenWrites(write => ({
      ...write,
      events: write.events.map(event => ({ ...event, id: event.id.trim() || event.id })),
    })),
    caughtBy: ['command ids and event ids may hold any characters'],
  },
  'repairs what is no stream id': {
    plant: appending((store, writes, options) =>
      store.append(writes, options).catch((error: unknown) => {
        if (!(error instanceof StreamIdError)) throw error
        return store.append([{ ...writes[0]!, stream: 'account-repaired' }], options)
      }),
    ),
    caughtBy: ['what is no stream id is refused by an append'],
  },
  'takes what is no stream id for an unknown stream': {
    plant: readingStream(async function* (store, stream, options) {
      try {
        yield* store.readStream(stream, options)
      } catch (error) {
        if (!(error instanceof StreamIdError)) throw error
      }
    }),
    caughtBy: ['what is no stream id is refused by a read'],
  },
}

function naming(change: (stream: string) => string): Plant {
  return (store: EventStore) =>
    replaced(store, {
      append: (writes, options) =>
        store.append(
          writes.map(write => ({ ...write, stream: change(write.stream) })),
          options,
        ),
      readStream: (stream, options) => store.readStream(change(stream), options),
    })
}
