import type {
  AppendOptions,
  AppendResult,
  Appended,
  EventStore,
  LogBatch,
  ReadLogOptions,
  ReadStreamOptions,
  RecordedEvent,
  StreamWrite,
} from '@hindcast/core'
import type { Plant } from './fault.js'

/** The store with some of its parts replaced. */
export function replaced(store: EventStore, parts: Partial<EventStore>): EventStore {
  return {
    logId: store.logId,
    partitions: store.partitions,
    append: (writes, options) => store.append(writes, options),
    findCommand: (partition, commandId) => store.findCommand(partition, commandId),
    readStream: (stream, options) => store.readStream(stream, options),
    readLog: (partition, options) => store.readLog(partition, options),
    end: (partition, options) => store.end(partition, options),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    ...parts,
  }
}

type ChangedAppend = (
  store: EventStore,
  writes: readonly StreamWrite[],
  options: AppendOptions,
) => Promise<AppendResult>

/** Replaces append. */
export function appending(append: ChangedAppend): Plant {
  return store => replaced(store, { append: (writes, options) => append(store, writes, options) })
}

/** Changes what an append is given. */
export function givenWrites(change: (write: StreamWrite) => StreamWrite): Plant {
  return appending((store, writes, options) => store.append(writes.map(change), options))
}

/** Changes the options that an append is given. */
export function givenOptions(change: (options: AppendOptions) => AppendOptions): Plant {
  return appending((store, writes, options) => store.append(writes, change(options)))
}

/** Changes what an append answers when it wrote. */
export function answering(change: (appended: Appended) => AppendResult): Plant {
  return appending(async (store, writes, options) => {
    const result = await store.append(writes, options)
    return result.kind === 'appended' ? change(result) : result
  })
}

/** Changes every event that is read. */
export function readingEvents(change: (event: RecordedEvent) => RecordedEvent): Plant {
  return store =>
    replaced(store, {
      readStream: (stream, options) => each(store.readStream(stream, options), batch => batch.map(change)),
      readLog: (partition, options) =>
        each(store.readLog(partition, options), batch => ({ ...batch, events: batch.events.map(change) })),
    })
}

/** Changes every batch of a partition that is read. */
export function readingBatches(change: (batch: LogBatch, options: ReadLogOptions) => LogBatch): Plant {
  return store =>
    replaced(store, {
      readLog: (partition, options = {}) =>
        each(store.readLog(partition, options), batch => change(batch, options)),
    })
}

type ChangedLogRead = (
  store: EventStore,
  partition: number,
  options: ReadLogOptions,
) => AsyncIterable<LogBatch>

/** Replaces readLog. */
export function readingLog(read: ChangedLogRead): Plant {
  return store => replaced(store, { readLog: (partition, options = {}) => read(store, partition, options) })
}

type ChangedStreamRead = (
  store: EventStore,
  stream: string,
  options: ReadStreamOptions,
) => AsyncIterable<readonly RecordedEvent[]>

/** Replaces readStream. */
export function readingStream(read: ChangedStreamRead): Plant {
  return store => replaced(store, { readStream: (stream, options = {}) => read(store, stream, options) })
}

/**
 * Changes each value of an iterable.
 *
 * @yields what the change makes of it
 */
export async function* each<T, U>(source: AsyncIterable<T>, change: (value: T) => U): AsyncGenerator<U> {
  for await (const value of source) yield change(value)
}

/** All events of a stream. */
export async function eventsOf(
  store: EventStore,
  stream: string,
  options?: ReadStreamOptions,
): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = []
  for await (const batch of store.readStream(stream, options)) events.push(...batch)
  return events
}

/** All events of a partition. */
export async function logOf(store: EventStore, partition: number): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = []
  for await (const batch of store.readLog(partition)) events.push(...batch.events)
  return events
}

/** A turn of the event loop: whatever runs at the same time gets in between. */
export function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

/** Never ends. */
export function forever(): Promise<never> {
  return new Promise(() => undefined)
}
