import type { AggregateClass, AggregateDefinition } from '../aggregate/definition.js'
import { buildRegistry } from '../app/registry.js'
import { EventCatalog } from '../catalog/event-catalog.js'
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

/** What reads the events of a log. @internal */
export interface Readers {
  readonly aggregates: readonly AggregateDefinition[]
  readonly catalog: EventCatalog
}

/** The aggregates and the catalog of a log. @internal */
export function readersOf({ aggregates, upcasters = [] }: HistoryParts): Readers {
  const registry = buildRegistry(aggregates)
  return {
    aggregates: registry.aggregates,
    catalog: new EventCatalog(registry.events as never, upcasters),
  }
}
