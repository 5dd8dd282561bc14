import { HindcastError, type EventStore, type StreamWrite } from '@hindcast/core'
import type { Faults } from './fault.js'
import { answering, appending, each, givenWrites, replaced } from './planting.js'

/** What is wrong with writing all or nothing. */
export const atomicityFaults: Faults = {
  'drops the second event of an append': {
    plant: givenWrites(write => ({ ...write, events: write.events.filter((_, n) => n !== 1) })),
    caughtBy: [
      'the events of an append get consecutive versions, in the order given, side by side in the log',
    ],
  },
  'writes the events of an append in reverse': {
    plant: givenWrites(write => ({ ...write, events: write.events.toReversed() })),
    caughtBy: [
      'the events of an append get consecutive versions, in the order given, side by side in the log',
    ],
  },
  'gives the versions of several streams in another order': {
    plant: answering(appended => ({ ...appended, versions: appended.versions.toReversed() })),
    caughtBy: ['several streams of a partition are written together, with a version for each in order'],
  },
  'writes several streams one after the other': {
    plant: appending(writeOneByOne),
    caughtBy: [
      'a conflict on the second stream writes nothing to the first',
      'of appends racing for the same two streams in both orders exactly one is appended',
      'an append across partitions is refused and writes to neither',
    ],
  },
  'names the last of several conflicts': {
    plant: appending(async (store, writes, options) => {
      const result = await store.append(writes, options)
      return result.kind === 'conflict' ? store.append(writes.toReversed(), options) : result
    }),
    caughtBy: ['of several streams that are not as expected the first is named'],
  },
  'writes the good events in front of a bad one': {
    plant: appending((store, writes, options) =>
      store.append(writes, options).catch(async (error: unknown) => {
        if (error instanceof HindcastError && error.code === 'HC_APPEND_INVALID' && writes.length > 1)
          await store.append(writes.slice(0, 1), options)
        throw error
      }),
    ),
    caughtBy: ['one bad event among good ones refuses the whole append'],
  },
  'tears the last append on reopening': {
    plant: (store, { opening }) =>
      opening === 1
        ? store
        : replaced(store, {
            readLog: (partition, options) =>
              each(store.readLog(partition, options), batch => ({
                ...batch,
                events: batch.events.slice(0, -1),
              })),
          }),
    caughtBy: ['an append is whole after reopening'],
  },
}

async function writeOneByOne(
  store: EventStore,
  writes: readonly StreamWrite[],
  options: Parameters<EventStore['append']>[1],
): ReturnType<EventStore['append']> {
  if (writes.length < 2) return store.append(writes, options)
  const versions: number[] = []
  for (const [n, write] of writes.entries()) {
    const result = await store.append([write], { ...options, commandId: `${options.commandId}/${n}` })
    if (result.kind === 'conflict') return result
    versions.push(...result.versions)
    if (n === writes.length - 1) return { ...result, versions }
  }
  throw new Error('unreachable: the last write returns')
}
