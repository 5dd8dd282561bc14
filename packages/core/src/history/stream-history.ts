import { CONTEXT } from '../aggregate/context-key.js'
import type { AggregateDefinition } from '../aggregate/definition.js'
import { applyEvent, type LoadedAggregate } from '../aggregate/emission.js'
import { newAggregate } from '../aggregate/load.js'
import { captureState, restoreState } from '../aggregate/state.js'
import { Ignored } from '../catalog/ignored.js'
import { nearest } from '../catalog/nearest.js'
import type { EventMeta } from '../message/event-meta.js'
import type { EventStore } from '../store/event-store.js'
import { parseStreamId } from '../store/stream-id.js'
import { CategoryUnknownError } from './errors.js'
import { readersOf, type HistoryParts } from './parts.js'

/** One event of a stream, and the aggregate as it was after it. */
export interface HistoryStep {
  /** As today's code reads it; an `Ignored` marker where nobody reads it any more. */
  readonly event: object
  /** Where it stands and where it came from. */
  readonly meta: EventMeta
  /** The aggregate's own fields after the event; a copy of its own. */
  readonly state: object
}

/** What reads streams, and who knows their events. */
export interface StreamSource extends Omit<HistoryParts, 'store'> {
  /** The log, or anything else that streams can be read from. */
  readonly store: Pick<EventStore, 'logId' | 'readStream'>
}

/**
 * The history of one stream: each event, and the state after it. A stream without events has none.
 *
 * @yields each event in the order of its stream; the parts of a split one after the other
 * @throws CategoryUnknownError; StreamIdError; StateNotSerializableError when a field cannot be copied; what decoding throws
 */
export async function* streamHistory(parts: StreamSource, stream: string): AsyncGenerator<HistoryStep> {
  const { store } = parts
  const { category, key } = parseStreamId(stream)
  const { aggregates, catalog } = readersOf(parts)
  const definition = aggregates.find(aggregate => aggregate.category === category)
  if (!definition) {
    const known = aggregates.map(aggregate => aggregate.category)
    throw new CategoryUnknownError(stream, known, nearest(category, known))
  }
  const root = newAggregate(definition, catalog, stream, key)
  for await (const batch of store.readStream(stream))
    for (const recorded of batch) {
      for (const { event, meta } of catalog.decode(recorded, store.logId)) {
        if (!(event instanceof Ignored)) applyEvent(root, event, meta)
        yield { event, meta, state: copyOf(root, definition) }
      }
      root[CONTEXT].version = recorded.version
    }
}

function copyOf(root: LoadedAggregate, { type }: AggregateDefinition): object {
  const copy = new type() as unknown as LoadedAggregate
  restoreState(copy, captureState(root))
  return copy
}
