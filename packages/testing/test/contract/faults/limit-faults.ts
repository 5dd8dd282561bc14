import {
  LIMITS,
  LimitExceededError,
  prepareAppend,
  type AppendOptions,
  type EventStore,
  type NewEvent,
  type StreamWrite,
} from '@hindcast/core'
import type { Faults, Plant } from './fault.js'
import { appending, givenOptions, givenWrites } from './planting.js'

/** What is wrong with the limits. */
export const limitFaults: Faults = {
  'refuses the largest event': {
    plant: refusing((store, writes, options) =>
      writes.some(write =>
        write.events.some(event => sizeOf(store, write, event, options) >= LIMITS.maxEventBytes),
      ),
    ),
    caughtBy: ['an event of 256 KiB is accepted, one byte more is refused'],
  },
  'cuts an event that is too large': {
    plant: givenEvents(({ data, ...event }) => ({
      ...event,
      data: data.length > 262_000 ? `${data.slice(0, 260_000)}"}` : data,
    })),
    caughtBy: ['an event of 256 KiB is accepted, one byte more is refused'],
  },
  'refuses the largest append': {
    plant: refusing(
      (store, writes, options) =>
        prepareAppend(writes, options, store.partitions).bytes >= LIMITS.maxAppendBytes,
    ),
    caughtBy: ['an append of 512 KiB is accepted, one byte more is refused'],
  },
  'refuses 1,000 events': {
    plant: refusing((_, writes) => countOf(writes) === LIMITS.maxAppendEvents),
    caughtBy: ['an append of 1,000 events is accepted, one of 1,001 is refused'],
  },
  'writes the first 1,000 of too many events': {
    plant: givenWrites(write => ({ ...write, events: write.events.slice(0, LIMITS.maxAppendEvents) })),
    caughtBy: ['an append of 1,000 events is accepted, one of 1,001 is refused'],
  },
  'measures a result in characters': {
    plant: givenOptions(({ result, ...options }) =>
      result === undefined || result.length > LIMITS.maxResultBytes || isText(result)
        ? { ...options, ...(result !== undefined && { result }) }
        : { ...options, result: '"cut"' },
    ),
    caughtBy: ['a result of 4 KiB is accepted, one byte more is refused'],
  },
  'cuts command ids and names that are too long': {
    plant: givenOptions(options => ({
      ...options,
      commandId: cut(options.commandId),
      ...(options.command !== undefined && { command: cut(options.command) }),
    })),
    caughtBy: ['a command id and a command name of 200 characters are accepted, 201 and 0 are refused'],
  },
  'leaves out metadata that are too long': {
    plant: givenOptions(({ metadata = {}, ...options }) => ({
      ...options,
      metadata: Object.fromEntries(
        Object.entries(metadata).filter(([, value]) => Buffer.byteLength(value) <= LIMITS.maxIdLength),
      ),
    })),
    caughtBy: ['metadata of 200 characters are accepted, 201 and 0 are refused'],
  },
  'cuts event ids and types that are too long': {
    plant: givenEvents(event => ({ ...event, id: cut(event.id), type: cut(event.type) })),
    caughtBy: ['an event id and a type of 200 characters are accepted, 201 and 0 are refused'],
  },
}

type Rule = (store: EventStore, writes: readonly StreamWrite[], options: AppendOptions) => boolean

function refusing(rule: Rule): Plant {
  return appending(async (store, writes, options) => {
    if (rule(store, writes, options))
      throw new LimitExceededError('an append at the edge', 1, 1, 'appends', 'Nothing helps')
    return store.append(writes, options)
  })
}

function givenEvents(change: (event: NewEvent) => NewEvent): Plant {
  return givenWrites(write => ({ ...write, events: write.events.map(change) }))
}

function sizeOf(store: EventStore, write: StreamWrite, event: NewEvent, options: AppendOptions): number {
  try {
    return prepareAppend([{ ...write, events: [event] }], options, store.partitions).bytes
  } catch {
    return 0
  }
}

function countOf(writes: readonly StreamWrite[]): number {
  return writes.reduce((sum, write) => sum + write.events.length, 0)
}

function cut(text: string): string {
  return text.slice(0, LIMITS.maxIdLength)
}

function isText(result: string): boolean {
  return Buffer.byteLength(result) === result.length
}
