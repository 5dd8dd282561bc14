import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import {
  partitionOf,
  type AppendOptions,
  type AppendResult,
  type Appended,
  type EventStore,
  type ExpectedVersion,
  type NewEvent,
  type StreamWrite,
} from '@hindcast/core'

/** An event to append, with an id of its own. */
export function newEvent(fields: Partial<NewEvent> = {}): NewEvent {
  return { id: randomUUID(), type: 'test.happened', schemaVersion: 1, data: '{}', ...fields }
}

/** So many events, numbered in their data. */
export function newEvents(count: number): NewEvent[] {
  return Array.from({ length: count }, (_, n) => newEvent({ data: `{"n":${n}}` }))
}

/** A write of the events given, or of so many new ones. */
export function write(
  stream: string,
  expected: ExpectedVersion,
  events: number | readonly NewEvent[] = 1,
): StreamWrite {
  return { stream, expected, events: typeof events === 'number' ? newEvents(events) : events }
}

/** Appends with a command id of its own, unless one is given. */
export function tryAppend(
  store: EventStore,
  writes: StreamWrite | readonly StreamWrite[],
  options: Partial<AppendOptions> = {},
): Promise<AppendResult> {
  const list = 'stream' in writes ? [writes] : writes
  return store.append(list, { commandId: randomUUID(), ...options })
}

/** Appends what must be written now. */
export async function append(
  store: EventStore,
  writes: StreamWrite | readonly StreamWrite[],
  options: Partial<AppendOptions> = {},
): Promise<Appended> {
  const result = await tryAppend(store, writes, options)
  assert(result.kind === 'appended', `expected to be appended, got ${JSON.stringify(result)}`)
  assert.equal(result.repeated, false, 'a first append must not be called repeated')
  return result
}

/** Streams of one partition; the same ones for the same log. */
export function streamsTogether(store: EventStore, count: number): string[] {
  const home = partitionOf('account-0', store.partitions)
  return streamsWhere(count, stream => partitionOf(stream, store.partitions) === home)
}

/** Streams of as many different partitions. */
export function streamsApart(store: EventStore, count: number): string[] {
  assert(store.partitions >= count, `the contract needs a log of ${count} or more partitions`)
  const taken = new Set<number>()
  return streamsWhere(count, stream => {
    const partition = partitionOf(stream, store.partitions)
    return !taken.has(partition) && taken.add(partition) !== undefined
  })
}

function streamsWhere(count: number, chosen: (stream: string) => boolean): string[] {
  const streams: string[] = []
  for (let n = 0; streams.length < count; n++) if (chosen(`account-${n}`)) streams.push(`account-${n}`)
  return streams
}
