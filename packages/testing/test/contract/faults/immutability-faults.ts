import { prepareAppend, type NewEvent, type RecordedCommand, type RecordedEvent } from '@hindcast/core'
import type { Faults } from './fault.js'
import { appending, each, replaced, turn } from './planting.js'

/** What is wrong with handing out and keeping the same objects. */
export const immutabilityFaults: Faults = {
  'keeps the objects that an append was given': {
    plant: store => {
      const given = new Map<string, NewEvent>()
      const changed = (event: RecordedEvent): RecordedEvent => ({
        ...event,
        data: given.get(event.id)?.data ?? event.data,
      })
      return replaced(store, {
        append: (writes, options) => {
          for (const { events } of writes) for (const event of events) given.set(event.id, event)
          return store.append(writes, options)
        },
        readLog: (partition, options) =>
          each(store.readLog(partition, options), batch => ({ ...batch, events: batch.events.map(changed) })),
      })
    },
    caughtBy: ['changing the input after an append does not change the log'],
  },
  'reads its input again when it writes': {
    plant: appending(async (store, writes, options) => {
      prepareAppend(writes, options, store.partitions)
      await turn()
      return store.append(writes, options)
    }),
    caughtBy: ['an append writes what it was called with, also when the input changes while it runs'],
  },
  'hands out the events that it keeps': {
    plant: store => {
      const kept = new Map<string, RecordedEvent>()
      const thawed = (event: RecordedEvent): RecordedEvent => {
        if (!kept.has(event.id)) kept.set(event.id, { ...event, metadata: { ...event.metadata } })
        return kept.get(event.id)!
      }
      return replaced(store, {
        readStream: (stream, options) => each(store.readStream(stream, options), batch => batch.map(thawed)),
        readLog: (partition, options) =>
          each(store.readLog(partition, options), batch => ({ ...batch, events: batch.events.map(thawed) })),
      })
    },
    caughtBy: ['changing events and arrays that were read does not change the log'],
  },
  'hands out the command that it remembers': {
    plant: store => {
      const kept = new Map<string, RecordedCommand>()
      return replaced(store, {
        findCommand: async (partition, commandId) => {
          const found = await store.findCommand(partition, commandId)
          if (found && !kept.has(commandId))
            kept.set(commandId, { ...found, streams: [...found.streams], versions: [...found.versions] })
          return kept.get(commandId)
        },
      })
    },
    caughtBy: ['changing an outcome or a found command does not change what is remembered'],
  },
}
