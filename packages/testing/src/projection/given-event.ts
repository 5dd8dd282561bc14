import { EventCatalog, partitionOf, type AnyEvent, type DecodedEvent, type Newable } from '@hindcast/core'

/** An event that happened to a stream, see {@link on}. */
export interface GivenEvent {
  /** The key of the stream. */
  readonly key: string
  /** What happened. */
  readonly event: AnyEvent
  /** When it happened. Default: a second after the event before it, from 2001 on. */
  readonly time?: Date
  /** The category of the stream. Default: `scenario`. */
  readonly category?: string
}

/** Says to which stream an event happened: `on('acc-1', Deposited.of({ cents: 500 }))`. */
export function on(
  key: string,
  event: AnyEvent,
  where: { readonly time?: Date; readonly category?: string } = {},
): GivenEvent {
  return { key, event, ...where }
}

/** An event in its place in a log. */
export interface PlacedEvent {
  readonly partition: number
  readonly offset: bigint
  readonly decoded: readonly DecodedEvent[]
}

const PARTITIONS = 8
/** The log that scenarios pretend to read. */
export const LOG_ID = 'scenario'
const START = Date.UTC(2001, 0, 1)
const SECOND = 1000

/** Lays the events into a log, as if they had been appended in this order; each makes the round trip through its JSON. */
export function placeEvents(given: readonly GivenEvent[]): readonly PlacedEvent[] {
  const types = new Set(given.map(({ event }) => event.constructor as Newable<AnyEvent>))
  const catalog = new EventCatalog(types)
  const ends = new Map<number, bigint>()
  const versions = new Map<string, number>()
  return given.map(({ key, event, time, category = 'scenario' }, index) => {
    const stream = `${category}-${key}`
    const partition = partitionOf(stream, PARTITIONS)
    const offset = ends.get(partition) ?? 1n
    const version = versions.get(stream) ?? 0
    ends.set(partition, offset + 1n)
    versions.set(stream, version + 1)
    const recorded = {
      ...catalog.encode(event),
      id: `given-${index}`,
      stream,
      version,
      partition,
      offset,
      time: time?.getTime() ?? START + index * SECOND,
      commandId: `given-${index}`,
      metadata: {},
    }
    return { partition, offset, decoded: catalog.decode(recorded, LOG_ID) }
  })
}
