import type { DecodedEvent } from '../catalog/event-catalog.js'
import { HindcastError } from '../error/hindcast-error.js'
import type { RecordedEvent } from '../store/event-store.js'
import type { EventReader } from './event-reader.js'

/** A recorded event as a projection reads it. */
export interface ReadEvent {
  /** As the log has it. */
  readonly recorded: RecordedEvent
  /** As today's classes have it: several where it was split; none where it cannot be decoded. */
  readonly decoded: readonly DecodedEvent[]
  /** Why it cannot be decoded; undefined when it can. */
  readonly failure?: { readonly error: unknown }
}

/** Decodes the events whose recorded types matter, and passes over the others. */
export function readEvents(
  events: readonly RecordedEvent[],
  types: ReadonlySet<string>,
  catalog: EventReader,
  log: string,
): readonly ReadEvent[] {
  const read: ReadEvent[] = []
  for (const recorded of events) {
    if (!types.has(recorded.type)) continue
    try {
      read.push({ recorded, decoded: catalog.decode(recorded, log) })
    } catch (error) {
      read.push({ recorded, decoded: [], failure: { error } })
    }
  }
  return read
}

/** Only newer code can read the event; nothing is wrong with it. */
export function isNewerThanCode(error: unknown): boolean {
  return error instanceof HindcastError && error.code === 'HC_EVENT_NEWER_THAN_CODE'
}
