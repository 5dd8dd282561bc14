import {
  CommandIdReusedError,
  HindcastError,
  conflictOf,
  partitionOf,
  repeatedAppend,
  type Appended,
  type AppendOptions,
  type EventStore,
  type RecordedCommand,
  type StreamWrite,
} from '@hindcast/core'
import type { Faults, Plant } from './fault.js'
import { answering, appending, eventsOf, givenOptions, replaced, turn } from './planting.js'

let writesOfOneId = 0

/** What is wrong with command ids. */
export const commandFaults: Faults = {
  'writes a repeated command again': {
    plant: givenOptions(options => ({ ...options, commandId: `${options.commandId}~${writesOfOneId++}` })),
    caughtBy: ['a repeated command id gets the first outcome and writes nothing'],
  },
  'answers a repeat as if it were the first': {
    plant: answering(appended => ({ ...appended, repeated: false })),
    caughtBy: [
      'a repeated command id gets the first outcome and writes nothing',
      'a repeated command id gets the first outcome also after reopening',
    ],
  },
  'answers a repeat with the stream’s newest version': {
    plant: appending(async (store, writes, options) => {
      const result = await store.append(writes, options)
      if (result.kind === 'conflict' || !result.repeated) return result
      const now = writes.map(async ({ stream }) => (await eventsOf(store, stream)).length - 1)
      return { ...result, versions: await Promise.all(now) }
    }),
    caughtBy: ['a repeated command id gets the first outcome and writes nothing'],
  },
  'checks the expected version before the command id': {
    plant: appending(async (store, writes, options) => {
      for (const write of writes) {
        const conflict = conflictOf(write, (await eventsOf(store, write.stream)).at(-1))
        if (conflict) return conflict
      }
      return store.append(writes, options)
    }),
    caughtBy: ['a repeated command id gets the first outcome also with other events and expectations'],
  },
  'forgets command ids on reopening': {
    plant: (store, { opening }) =>
      givenOptions(options => ({ ...options, commandId: `${options.commandId}${'~'.repeat(opening - 1)}` }))(
        store,
        { opening, stores: [], clock: { now: () => new Date() } },
      ),
    caughtBy: ['a repeated command id gets the first outcome also after reopening'],
  },
  'looks up a command id first and writes later': {
    plant: appending(async (store, writes, options) => {
      const known = await find(store, writes, options)
      if (known) return repeatedAppend(known, writes, options)
      await turn()
      return store.append(writes, { ...options, commandId: `${options.commandId}~${writesOfOneId++}` })
    }),
    caughtBy: [
      'the command ids of 16 concurrent repeats are appended once, and all get that outcome',
      'of 16 commands racing with one id exactly one is appended, the others are refused',
    ],
  },
  'compares no command names': {
    plant: excusing(() => true),
    caughtBy: ['a command id is refused for another command, also after reopening'],
  },
  'compares command names only where both have one': {
    plant: excusing((known, options) => known.command === undefined || options.command === undefined),
    caughtBy: ['a command id of a named command is refused for an append without a name, and reversed'],
  },
  'compares no streams': {
    plant: excusing((known, options) => known.command === options.command),
    caughtBy: ['a command id is refused for another stream of its partition'],
  },
  'compares only the first stream': {
    plant: excusing(
      (known, options, writes) => known.command === options.command && known.streams[0] === writes[0]!.stream,
    ),
    caughtBy: ['a command id is refused for more streams, fewer streams and streams in another order'],
  },
  'compares the streams without their order': {
    plant: excusing(
      (known, options, writes) =>
        known.command === options.command &&
        known.streams.length === writes.length &&
        writes.every(write => known.streams.includes(write.stream)),
    ),
    caughtBy: ['a command id is refused for more streams, fewer streams and streams in another order'],
  },
  'knows command ids across partitions': {
    plant: appending(async (store, writes, options) => {
      for (let partition = 0; partition < store.partitions; partition++)
        if (partition !== homeOf(store, writes) && (await store.findCommand(partition, options.commandId)))
          throw new CommandIdReusedError(options.commandId, 'another partition', 'this one')
      return store.append(writes, options)
    }),
    caughtBy: ['a command id that one partition knows is free in another'],
  },
  'keeps the command id of a refused append': {
    plant: store => {
      const spent = new Set<string>()
      return replaced(store, {
        append: async (writes, options) => {
          if (spent.has(options.commandId))
            throw new CommandIdReusedError(options.commandId, 'a refused append', 'another')
          return store.append(writes, options).catch((error: unknown) => {
            spent.add(options.commandId)
            throw error
          })
        },
      })
    },
    caughtBy: ['a command id that was refused is still free'],
  },
  'knows only the command ids of its own process': {
    plant: (store, { stores }) =>
      replaced(store, {
        append: (writes, options) =>
          store.append(writes, { ...options, commandId: `${options.commandId}@${stores.indexOf(store)}` }),
      }),
    caughtBy: ['a command id that was appended through one store is known to another on the log'],
  },
}

type Excuse = (known: RecordedCommand, options: AppendOptions, writes: readonly StreamWrite[]) => boolean

/** Answers a reused command id like a repeat where the excuse holds. */
function excusing(excuse: Excuse): Plant {
  return appending(async (store, writes, options) => {
    try {
      return await store.append(writes, options)
    } catch (error) {
      if (!(error instanceof HindcastError) || error.code !== 'HC_COMMAND_ID_REUSED') throw error
      const known = await find(store, writes, options)
      if (!known || !excuse(known, options, writes)) throw error
      return { kind: 'appended', repeated: true, ...pick(known) }
    }
  })
}

function pick({ versions, position }: RecordedCommand): Pick<Appended, 'versions' | 'position'> {
  return { versions, position }
}

function homeOf(store: EventStore, writes: readonly StreamWrite[]): number {
  return partitionOf(writes[0]!.stream, store.partitions)
}

function find(
  store: EventStore,
  writes: readonly StreamWrite[],
  options: AppendOptions,
): Promise<RecordedCommand | undefined> {
  return store.findCommand(homeOf(store, writes), options.commandId)
}
