import type { RecordedEvent } from '../store/event-store.js'
import { parsePosition } from '../store/position.js'
import type { DecodedEvent } from '../catalog/event-catalog.js'
import type { EventReader } from './event-reader.js'
import { FoldError } from './fold-errors.js'

/** An event of a batch that cannot be decoded or folded. */
export interface BatchFailure {
  /** What was thrown. */
  readonly error: unknown
  /** The place in the batch at which the append of the failing event begins: everything before it is whole and good. */
  readonly goodUpTo: number
}

/** What can be read of a batch: all of it, or the part before an event that cannot be. */
export interface DecodedBatch {
  /** In the order of the log. */
  readonly decoded: readonly DecodedEvent[]
  /** Why the rest is missing; undefined when nothing is. */
  readonly failure?: BatchFailure
}

/** Decodes the events of a batch whose recorded types matter; the others are passed over undecoded. */
export function decodeBatch(
  events: readonly RecordedEvent[],
  types: ReadonlySet<string>,
  catalog: EventReader,
  log: string,
): DecodedBatch {
  const decoded: DecodedEvent[] = []
  for (const [index, recorded] of events.entries()) {
    if (!types.has(recorded.type)) continue
    try {
      for (const event of catalog.decode(recorded, log)) decoded.push(event)
    } catch (error) {
      return { decoded, failure: { error, goodUpTo: appendStart(events, index) } }
    }
  }
  return { decoded }
}

/** Where in its batch an event failed to fold; undefined for an error that speaks of no event. */
export function foldFailure(events: readonly RecordedEvent[], error: unknown): BatchFailure | undefined {
  if (!(error instanceof FoldError)) return undefined
  const { offset } = parsePosition(error.place.meta.position)
  const index = events.findIndex(event => event.offset === offset)
  return index < 0 ? undefined : { error, goodUpTo: appendStart(events, index) }
}

/** Command ids are unique in a partition, so one that repeats in neighbours is one append, which no checkpoint splits. */
function appendStart(events: readonly RecordedEvent[], index: number): number {
  let start = index
  while (start > 0 && events[start - 1]!.commandId === events[start]!.commandId) start--
  return start
}
