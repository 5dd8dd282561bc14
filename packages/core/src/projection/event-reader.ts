import type { EventMeta } from '../message/event-meta.js'
import type { Newable } from '../message/message.js'
import type { RecordedEvent } from '../store/event-store.js'

/** An event as a projection sees it: an instance of today's class, and where it came from. */
export interface DecodedEvent {
  readonly event: object
  readonly meta: EventMeta
}

/** Reads recorded events as events of today's classes: what a projection needs of an event catalog. */
export interface EventReader {
  /** The events that a recorded one is read as; several where it was split. */
  decode(recorded: RecordedEvent, logId: string): readonly DecodedEvent[]
  /** The recorded types that may be read as one of the classes; others need not be decoded. */
  typesReadAs(events: readonly Newable[]): ReadonlySet<string>
}
