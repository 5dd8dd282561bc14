import { randomUUID } from 'node:crypto'
import type { AppendResult, EventStore, ExpectedVersion, RecordedEvent } from '@hindcast/core'

/** An append of a test, with what it writes. */
export interface TestAppend {
  readonly commandId: string
  readonly ids: readonly string[]
  /** Calls the store; again with the same events and command id each time. */
  readonly run: () => Promise<AppendResult>
}

/** What a test appends; default one small event, whatever the version. */
export interface AppendShape {
  readonly expected?: ExpectedVersion
  readonly events?: number
  readonly bytes?: number
  readonly partitionKey?: string
}

/** An append to one stream, not yet called. */
export function appendOf(store: EventStore, stream: string, options: AppendShape = {}): TestAppend {
  const { expected = 'any', events = 1, bytes = 0, partitionKey } = options
  const commandId = randomUUID()
  const ids = Array.from({ length: events }, () => randomUUID())
  const data = JSON.stringify({ filling: 'x'.repeat(bytes) })
  const write = {
    stream,
    ...(partitionKey !== undefined && { partitionKey }),
    expected,
    events: ids.map(id => ({ id, type: 'test.happened', schemaVersion: 1, data })),
  }
  return { commandId, ids, run: () => store.append([write], { commandId }) }
}

/** Appends, and gives the ids of the events. */
export async function append(
  store: EventStore,
  stream: string,
  options?: AppendShape,
): Promise<readonly string[]> {
  const { ids, run } = appendOf(store, stream, options)
  const result = await run()
  if (result.kind !== 'appended') throw new Error(`not appended: ${JSON.stringify(result)}`)
  return ids
}

/** The events of a stream, as the store knows them now. */
export async function eventsOf(store: EventStore, stream: string, fresh = false): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = []
  for await (const batch of store.readStream(stream, { fresh })) events.push(...batch)
  return events
}

/** The ids of the events of a stream, after reading to the end of the log. */
export async function idsOf(store: EventStore, stream: string): Promise<string[]> {
  return (await eventsOf(store, stream, true)).map(({ id }) => id)
}
