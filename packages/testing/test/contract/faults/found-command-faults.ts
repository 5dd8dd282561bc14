import { HindcastError, type RecordedCommand } from '@hindcast/core'
import type { Faults, Plant } from './fault.js'
import { givenOptions, replaced } from './planting.js'

/** What is wrong with what a store remembers of a command. */
export const foundCommandFaults: Faults = {
  'forgets the name of a command': {
    plant: finding(({ command: _, ...found }) => found),
    caughtBy: ['findCommand gives the name, result, streams, versions and position of an append'],
  },
  'forgets all but the first stream of a command': {
    plant: finding(found => ({ ...found, streams: found.streams.slice(0, 1) })),
    caughtBy: ['findCommand gives the name, result, streams, versions and position of an append'],
  },
  'forgets results on reopening': {
    plant: (store, { opening }) =>
      replaced(store, {
        findCommand: async (partition, commandId) => {
          const found = await store.findCommand(partition, commandId)
          return found && opening > 1 ? withoutResult(found) : found
        },
      }),
    caughtBy: ['findCommand gives the same after reopening', 'a result survives byte for byte, up to 4 KiB'],
  },
  'gives an empty result for none': {
    plant: finding(found => ({ ...found, result: found.result ?? '' })),
    caughtBy: ['findCommand gives no name and no result for an append without them'],
  },
  'finds commands in every partition': {
    plant: store =>
      replaced(store, {
        findCommand: async (partition, commandId) => {
          const own = await store.findCommand(partition, commandId)
          if (own) return own
          for (let other = 0; other < store.partitions; other++) {
            const found = await store.findCommand(other, commandId)
            if (found) return found
          }
          return undefined
        },
      }),
    caughtBy: ['findCommand knows nothing of ids that were never appended, conflicted, or belong elsewhere'],
  },
  'parses results and writes them anew': {
    plant: givenOptions(({ result, ...options }) =>
      result === undefined ? options : { ...options, result: JSON.stringify(JSON.parse(result)) },
    ),
    caughtBy: ['a result survives byte for byte, up to 4 KiB'],
  },
  'finds nothing where it should refuse': {
    plant: store =>
      replaced(store, {
        findCommand: (partition, commandId) =>
          store.findCommand(partition, commandId).catch((error: unknown) => {
            if (error instanceof HindcastError && error.code !== 'HC_STORE_CLOSED') return undefined
            throw error
          }),
      }),
    caughtBy: ['findCommand refuses an unknown partition and what is no command id'],
  },
}

function finding(change: (found: RecordedCommand) => RecordedCommand): Plant {
  return store =>
    replaced(store, {
      findCommand: async (partition, commandId) => {
        const found = await store.findCommand(partition, commandId)
        return found && change(found)
      },
    })
}

function withoutResult({ result: _, ...found }: RecordedCommand): RecordedCommand {
  return found
}
