import {
  PartitionKeyChangedError,
  conflictOf,
  partitionOf,
  type EventStore,
  type StreamWrite,
} from '@hindcast/core'
import type { Faults } from './fault.js'
import { appending, eventsOf, givenWrites, replaced } from './planting.js'

/** What is wrong with partition keys. */
export const partitionKeyFaults: Faults = {
  'ignores partition keys': {
    plant: givenWrites(withoutKey),
    caughtBy: [
      'a partition key puts a stream into its partition',
      'streams that share a partition key are appended together',
    ],
  },
  'accepts a partition key that changed': {
    plant: appending((store, writes, options) =>
      store.append(writes, options).catch((error: unknown) => {
        if (!(error instanceof PartitionKeyChangedError)) throw error
        return store.append(writes.map(withoutKey), options)
      }),
    ),
    caughtBy: ['another partition key that names another partition is refused, also after reopening'],
  },
  'checks the expected version before the partition key': {
    plant: appending((store, writes, options) =>
      store.append(writes, options).catch(async (error: unknown) => {
        if (!(error instanceof PartitionKeyChangedError)) throw error
        for (const write of writes) {
          const conflict = conflictOf(write, (await eventsOf(store, write.stream)).at(-1))
          if (conflict) return conflict
        }
        throw error
      }),
    ),
    caughtBy: ['a changed partition key is refused before the expected version is looked at'],
  },
  'compares partition keys instead of partitions': {
    plant: store => {
      const keys = new Map<string, string>()
      return replaced(store, {
        append: async (writes, options) => {
          for (const { stream, partitionKey = stream } of writes) {
            if ((keys.get(stream) ?? partitionKey) !== partitionKey)
              throw new PartitionKeyChangedError(stream, 0, 0)
            keys.set(stream, partitionKey)
          }
          return store.append(writes, options)
        },
      })
    },
    caughtBy: ['another partition key of the same partition is accepted'],
  },
  'settles the partition of a stream that has no events': {
    plant: store => {
      const homes = new Map<string, number>()
      return replaced(store, {
        append: async (writes, options) => {
          for (const write of writes) {
            const home = homes.get(write.stream) ?? homeOf(store, write)
            if (home !== homeOf(store, write))
              throw new PartitionKeyChangedError(write.stream, home, homeOf(store, write))
            homes.set(write.stream, home)
          }
          return store.append(writes, options)
        },
      })
    },
    caughtBy: ['a stream whose only append was refused may still choose its partition'],
  },
}

function withoutKey({ partitionKey: _, ...write }: StreamWrite): StreamWrite {
  return write
}

function homeOf(store: EventStore, { stream, partitionKey = stream }: StreamWrite): number {
  return partitionOf(partitionKey, store.partitions)
}
