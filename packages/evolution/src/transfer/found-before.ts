import { makePosition, type EventStore, type RecordedEvent } from '@hindcast/core'
import type { LogDifference } from './errors.js'
import { routedAppends } from './routed-append.js'

/** What a log has of an export. */
export interface FoundBefore {
  /** How many events, by partition. */
  readonly events: ReadonlyMap<number, number>
  /** The time of the last of them, by partition. */
  readonly lastTime: ReadonlyMap<number, number>
  /** How many events. */
  readonly total: number
  /** The first event that is not of the export, or not in its place; undefined when there is none. */
  readonly difference?: LogDifference
}

/** What a log has of an export: in each partition the first so many of the events that belong there, and nothing else. */
export async function foundBefore(store: EventStore, file: string): Promise<FoundBefore> {
  const found = { events: new Map<number, number>(), lastTime: new Map<number, number>(), total: 0 }
  const cursors = Array.from({ length: store.partitions }, (_, partition) => eventsOf(store, partition))
  try {
    const heads = await Promise.all(cursors.map(cursor => cursor.next()))
    if (heads.every(head => head.done === true)) return found
    for await (const { partition, events } of routedAppends(file, store.partitions))
      for (const event of events) {
        const head = heads[partition]!
        if (head.done === true) break
        if (!same(head.value, event)) return { ...found, difference: differing(store, head.value, event.id) }
        found.total++
        found.events.set(partition, (found.events.get(partition) ?? 0) + 1)
        found.lastTime.set(partition, head.value.time)
        heads[partition] = await cursors[partition]!.next()
      }
    for (const head of heads)
      if (head.done !== true) return { ...found, difference: differing(store, head.value, undefined) }
    return found
  } finally {
    await Promise.allSettled(cursors.map(cursor => cursor.return(undefined)))
  }
}

async function* eventsOf(
  store: EventStore,
  partition: number,
): AsyncGenerator<RecordedEvent, undefined, void> {
  for await (const { events } of store.readLog(partition, { batchEvents: 200 })) yield* events
}

function same(a: RecordedEvent, b: RecordedEvent): boolean {
  return (
    a.id === b.id &&
    a.stream === b.stream &&
    a.version === b.version &&
    a.type === b.type &&
    a.schemaVersion === b.schemaVersion &&
    a.data === b.data
  )
}

function differing(
  { logId }: EventStore,
  { id, partition, offset }: RecordedEvent,
  expected: string | undefined,
): LogDifference {
  return { position: makePosition(logId, partition, offset), found: id, expected }
}
