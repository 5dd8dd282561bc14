import type { DecodedEvent } from '../../catalog/event-catalog.js'
import type { Newable } from '../../message/message.js'
import type { RecordedEvent } from '../../store/event-store.js'

/** Reads recorded events as events of today's classes: what a projection needs of an event catalog. */
export interface EventReader {
  /** The events that a recorded one is read as; several where it was split. */
  decode(recorded: RecordedEvent, logId: string): readonly DecodedEvent[]
  /** The recorded types that may be read as one of the classes; others need not be decoded. */
  typesReadAs(events: readonly Newable[]): ReadonlySet<string>
  /** False for a recorded type that this code does not know: what it would be read as is unknown. */
  knows(type: string): boolean
}
