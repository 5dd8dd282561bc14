import { CONTEXT } from '../aggregate/context-key.js'
import type { AggregateDefinition } from '../aggregate/definition.js'
import { applyEvent, type LoadedAggregate } from '../aggregate/emission.js'
import { newAggregate } from '../aggregate/load.js'
import { captureState, restoreState } from '../aggregate/state.js'
import { Ignored } from '../catalog/ignored.js'
import { nearest } from '../catalog/nearest.js'
import type { EventMeta } from '../message/event-meta.js'
import type { EventStore, RecordedEvent } from '../store/event-store.js'
import { partitionOf } from '../store/partition.js'
import { parseStreamId } from '../store/stream-id.js'
import { NotRunHereError } from '../app/errors.js'
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
  /** The log, or anything else that streams can be read from. Of a log that reads no streams here, partitions are read. */
  readonly store: Pick<EventStore, 'logId' | 'readStream'> &
    Partial<Pick<EventStore, 'readLog' | 'partitions'>>
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
  const { aggregates, catalog, partitionKeyOf } = readersOf(parts)
  const definition = aggregates.find(aggregate => aggregate.category === category)
  if (!definition) {
    const known = aggregates.map(aggregate => aggregate.category)
    throw new CategoryUnknownError(stream, known, nearest(category, known))
  }
  const root = newAggregate(definition, catalog, stream, key)
  for await (const batch of eventsOf(store, stream, partitionKeyOf(stream)))
    for (const recorded of batch) {
      for (const { event, meta } of catalog.decode(recorded, store.logId)) {
        if (!(event instanceof Ignored)) applyEvent(root, event, meta)
        yield { event, meta, state: copyOf(root, definition) }
      }
      root[CONTEXT].version = recorded.version
    }
}

/**
 * Reads a stream; in a store that keeps no index in this process, the stream's partition from its beginning.
 *
 * @yields its events
 */
async function* eventsOf(
  store: StreamSource['store'],
  stream: string,
  partitionKey: string,
): AsyncGenerator<readonly RecordedEvent[]> {
  try {
    yield* store.readStream(stream)
    return
  } catch (error) {
    if (!(error instanceof NotRunHereError) || !store.readLog || !store.partitions) throw error
  }
  for await (const { events } of store.readLog(partitionOf(partitionKey, store.partitions)))
    yield events.filter(event => event.stream === stream)
}

function copyOf(root: LoadedAggregate, { type }: AggregateDefinition): object {
  const copy = new type() as unknown as LoadedAggregate
  restoreState(copy, captureState(root))
  return copy
}
