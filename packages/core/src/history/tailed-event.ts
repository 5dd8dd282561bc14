import type { DecodedEvent } from '../catalog/event-catalog.js'
import { HindcastError } from '../error/hindcast-error.js'
import type { EventReader } from '../projection/source/event-reader.js'
import type { RecordedEvent } from '../store/event-store.js'

/** One event of the log, and what today's code makes of it. */
export interface TailedEvent {
  /** As the log holds it. */
  readonly recorded: RecordedEvent
  /** As today's code reads it: several where it is split; none where it cannot be read. */
  readonly decoded: readonly DecodedEvent[]
  /** Why it cannot be read. */
  readonly problem?: HindcastError
}

/** Reads an event, or says why it cannot be read. @internal */
export function readRecorded(
  recorded: RecordedEvent,
  catalog: Pick<EventReader, 'decode'>,
  logId: string,
): TailedEvent {
  try {
    return { recorded, decoded: catalog.decode(recorded, logId) }
  } catch (error) {
    if (!(error instanceof HindcastError)) throw error
    return { recorded, decoded: [], problem: error }
  }
}
