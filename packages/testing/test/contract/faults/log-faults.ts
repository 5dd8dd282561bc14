import { makePosition, parsePosition, type RecordedEvent } from '@hindcast/core'
import type { Faults, Plant } from './fault.js'
import { answering, each, logOf, readingEvents, readingLog, replaced } from './planting.js'

/** What is wrong with the order, the offsets and the identity of a log. */
export const logFaults: Faults = {
  'orders a partition by stream': {
    plant: readingLog((store, partition, options) =>
      each(store.readLog(partition, options), batch => ({
        ...batch,
        events: batch.events.toSorted((a, b) => a.stream.localeCompare(b.stream)),
      })),
    ),
    caughtBy: ['a partition holds its events in the order in which they were acknowledged'],
  },
  'gives the events of one partition in two': {
    plant: readingLog(async function* (store, partition, options) {
      yield* store.readLog(partition, options)
      if (partition === 0) yield* store.readLog(1, options)
    }),
    caughtBy: ['every event lies in the partition of its stream, exactly once, and nowhere else'],
  },
  'has no genesis record': {
    plant: readingEvents(event => ({ ...event, offset: event.offset - 1n })),
    caughtBy: ['offsets grow strictly within a partition, from above the genesis record on'],
  },
  'counts offsets in a stream': {
    plant: readingEvents(event => ({ ...event, offset: BigInt(event.version % 3) + 1n })),
    caughtBy: ['offsets grow strictly within a partition, from above the genesis record on'],
  },
  'gives the position of the first event': {
    plant: positioned(offset => offset - 1n),
    caughtBy: ['the position of an append names the log, the partition and the offset of its last event'],
  },
  'gives positions that run backwards': {
    plant: positioned(offset => 1_000_000n - offset),
    caughtBy: ['positions of a partition grow from append to append'],
  },
  'ends a fresh partition at 0': {
    plant: store =>
      replaced(store, {
        end: async partition => {
          const end = await store.end(partition)
          return end === 1n ? 0n : end
        },
      }),
    caughtBy: ['a fresh partition ends at 1, and reading it from 0 moves over the genesis record'],
  },
  'ends at the last event instead of behind it': {
    plant: store =>
      replaced(store, {
        end: async partition => {
          const end = await store.end(partition)
          return end === 1n ? end : end - 1n
        },
      }),
    caughtBy: ['end is the checkpoint behind the last acknowledged event'],
  },
  'doubles the last event on reopening': {
    plant: rereading(events => [...events, ...events.slice(-1)]),
    caughtBy: ['the log has the same identity, partitions and events after reopening'],
  },
  'loses the first event on reopening': {
    plant: rereading(events => events.slice(1)),
    caughtBy: [
      'the log has the same identity, partitions and events after reopening',
      'an append is whole after reopening',
    ],
  },
  'gives the log another identity on reopening': {
    plant: (store, { opening }) => replaced(store, { logId: `${store.logId}-${opening}` }),
    caughtBy: ['the log has the same identity, partitions and events after reopening'],
  },
  'gives all logs the same identity': {
    plant: store => replaced(store, { logId: 'the-log' }),
    caughtBy: ['two fresh logs have different identities'],
  },
}

function positioned(change: (offset: bigint) => bigint): Plant {
  return answering(appended => {
    const { logId, partition, offset } = parsePosition(appended.position)
    return { ...appended, position: makePosition(logId, partition, change(offset)) }
  })
}

/** Changes what a partition holds once it has been reopened. */
function rereading(change: (events: readonly RecordedEvent[]) => readonly RecordedEvent[]): Plant {
  return (store, { opening }) =>
    opening === 1
      ? store
      : replaced(store, {
          readLog: async function* (partition) {
            const end = await store.end(partition)
            yield { partition, events: change(await logOf(store, partition)), next: end, end }
          },
        })
}
