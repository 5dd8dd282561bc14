import {
  HindcastError,
  StoreClosedError,
  makePosition,
  type AppendMetadata,
  type AppendOptions,
  type Appended,
  type EventStore,
} from '@hindcast/core'
import type { Faults } from './fault.js'
import { appending, givenOptions, replaced } from './planting.js'

/** What the malformed appends of the suite are called there. */
const MALFORMED: readonly string[] = [
  'without writes',
  'whose writes are no list',
  'with null for a write',
  'with null for the events',
  'with null for an event',
  'without events',
  'that writes a stream twice',
  'that expects a negative version',
  'that expects a broken version',
  'that expects NaN',
  'that expects Infinity',
  'that expects an unknown word',
  'that expects nothing at all',
  "with 'after' but no version",
  "with an empty 'after'",
  'with an empty partition key',
  'with an event id that is no text',
  'with half a character in an event id',
  'with half a character in an event type',
  'with schema version 0',
  'with schema version 1.5',
  'with empty data',
  'with an array as data',
  'with broken JSON as data',
  'with half a character in its data',
  'with a text as data',
  'with an object as data',
].map(what => `an append ${what} is refused`)

/** What is wrong with refusing bad input. */
export const badInputFaults: Faults = {
  'acknowledges what is malformed': {
    plant: appending((store, writes, options) =>
      store.append(writes, options).catch((error: unknown) => {
        if (isInvalid(error)) return nothing(store)
        throw error
      }),
    ),
    caughtBy: MALFORMED,
  },
  'refuses what is malformed without a code': {
    plant: appending((store, writes, options) =>
      store.append(writes, options).catch((error: unknown) => {
        throw isInvalid(error) ? new Error('bad input') : error
      }),
    ),
    caughtBy: MALFORMED,
  },
  'is unusable after a refusal': {
    plant: dyingAfter(1),
    caughtBy: [...MALFORMED, 'what is no stream id is refused by an append'],
  },
  'is unusable after many refusals': {
    plant: dyingAfter(10),
    caughtBy: ['many refusals in a row, at the same time, leave the store usable'],
  },
  'repairs half characters': {
    plant: givenOptions(({ commandId, command, metadata, ...options }) => ({
      ...options,
      commandId: repaired(commandId),
      ...(command !== undefined && { command: repaired(command) }),
      ...(metadata && { metadata: repairedMetadata(metadata) }),
    })),
    caughtBy: [
      'an append with half a character in a command id, command name, result or metadata is refused',
    ],
  },
  'takes missing options and metadata for none': {
    plant: appending((store, writes, options: AppendOptions | undefined) =>
      store.append(writes, { commandId: options?.commandId ?? 'none' }),
    ),
    caughtBy: ['an append whose options are no object, or hold none as metadata, is refused'],
  },
  'answers a known command id before it looks at the append': {
    plant: appending(async (store, writes, options) => {
      for (let partition = 0; partition < store.partitions; partition++) {
        const known = await store.findCommand(partition, options.commandId).catch(() => undefined)
        if (known)
          return { kind: 'appended', repeated: true, versions: known.versions, position: known.position }
      }
      return store.append(writes, options)
    }),
    caughtBy: ['an append is checked for its form before its command id is looked up'],
  },
}

function dyingAfter(refusals: number): (store: EventStore) => EventStore {
  return store => {
    let left = refusals
    return replaced(store, {
      append: async (writes, options) => {
        if (left <= 0) throw new StoreClosedError('an append after too many refusals')
        return store.append(writes, options).catch((error: unknown) => {
          left--
          throw error
        })
      },
    })
  }
}

function isInvalid(error: unknown): boolean {
  return error instanceof HindcastError && error.code === 'HC_APPEND_INVALID'
}

function nothing(store: EventStore): Appended {
  return { kind: 'appended', repeated: false, versions: [], position: makePosition(store.logId, 0, 0n) }
}

function repaired(text: string): string {
  return Buffer.from(text).toString()
}

function repairedMetadata(metadata: AppendMetadata): AppendMetadata {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, repaired(value)]))
}
