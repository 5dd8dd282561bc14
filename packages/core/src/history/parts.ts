import type { AggregateClass, AggregateDefinition } from '../aggregate/definition.js'
import { buildRegistry } from '../app/registry.js'
import { EventCatalog } from '../catalog/event-catalog.js'
import type { AnyEvent, Newable } from '../message/message.js'
import type { EventStore } from '../store/event-store.js'
import type { Upcaster } from '../upcasting/upcast.js'

/** Which log, and who knows its events. */
export interface HistoryParts {
  /** The log. */
  readonly store: EventStore
  /** The aggregates, whose events are read. */
  readonly aggregates: readonly AggregateClass[]
  /** How old versions of events are read. Default: none. */
  readonly upcasters?: readonly Upcaster[]
}

/** What reads the events of a log. */
export interface Readers {
  /** What the aggregates declare. */
  readonly aggregates: readonly AggregateDefinition[]
  /** The events that the aggregates apply. */
  readonly events: readonly Newable<AnyEvent>[]
  /** Reads the events of every version. */
  readonly catalog: EventCatalog
  /** The partition key of a stream. */
  readonly partitionKeyOf: (stream: string) => string
  /** What is wrong with the declarations, a sentence each; empty when they can be used. */
  readonly problems: readonly string[]
}

/** The aggregates of a log, their events and the catalog. Never throws: what is wrong is listed in `problems`. */
export function readersOf({ aggregates, upcasters = [] }: Omit<HistoryParts, 'store'>): Readers {
  const registry = buildRegistry(aggregates)
  const events = registry.events as readonly Newable<AnyEvent>[]
  const catalog = new EventCatalog(events, upcasters)
  return {
    aggregates: registry.aggregates,
    partitionKeyOf: registry.partitionKeyOf,
    events,
    catalog,
    problems: [...registry.problems, ...catalog.problems],
  }
}
