import assert from 'node:assert/strict'
import {
  partitionOf,
  type EventStore,
  type LogBatch,
  type ReadLogOptions,
  type ReadStreamOptions,
  type RecordedCommand,
  type RecordedEvent,
} from '@hindcast/core'

/** The partition of a stream that is its own partition key. */
export function homeOf(store: EventStore, stream: string): number {
  return partitionOf(stream, store.partitions)
}

/** The events of a stream in one array. */
export async function readStream(
  store: EventStore,
  stream: string,
  options?: ReadStreamOptions,
): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = []
  for await (const batch of store.readStream(stream, options)) events.push(...batch)
  return events
}

/** The batches of a partition. */
export async function readBatches(
  store: EventStore,
  partition: number,
  options?: ReadLogOptions,
): Promise<LogBatch[]> {
  const batches: LogBatch[] = []
  for await (const batch of store.readLog(partition, options)) batches.push(batch)
  return batches
}

/** The events of a partition in one array. */
export async function readPartition(
  store: EventStore,
  partition: number,
  options?: ReadLogOptions,
): Promise<RecordedEvent[]> {
  return (await readBatches(store, partition, options)).flatMap(batch => batch.events)
}

/** Everything that the log holds, partition by partition, as plain values that can be compared. */
export async function wholeLog(store: EventStore): Promise<RecordedEvent[]> {
  const partitions = Array.from({ length: store.partitions }, (_, partition) =>
    readPartition(store, partition),
  )
  return (await Promise.all(partitions)).flat().map(plain)
}

/** An event's fields, however the store computes them. */
export function plain(event: RecordedEvent): RecordedEvent {
  const { id, type, schemaVersion, stream, version, partition, offset, time, data, commandId } = event
  const metadata = withoutUndefined(event.metadata)
  return { id, type, schemaVersion, stream, version, partition, offset, time, data, commandId, metadata }
}

/** A command's fields, however the store computes them. */
export function plainCommand(command: RecordedCommand | undefined): RecordedCommand | undefined {
  if (!command) return undefined
  const { commandId, streams, versions, position } = command
  const { command: name, result } = command
  return {
    ...withoutUndefined({ command: name, result }),
    commandId,
    streams: [...streams],
    versions: [...versions],
    position,
  }
}

/** The ids of events, in order. */
export function idsOf(events: readonly { readonly id: string }[]): string[] {
  return events.map(event => event.id)
}

/** The versions of events, in order. */
export function versionsOf(events: readonly RecordedEvent[]): number[] {
  return events.map(event => event.version)
}

/** 0, 1, 2 … so many. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n)
}

/** The only one of an array. */
export function only<T>(values: readonly T[]): T {
  assert.equal(values.length, 1, `expected exactly one, got ${values.length}`)
  return values[0]!
}

function withoutUndefined<T extends object>(fields: T): { [K in keyof T]: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
}
