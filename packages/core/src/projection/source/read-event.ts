import type { DecodedEvent } from '../../catalog/event-catalog.js'
import { HindcastError } from '../../error/hindcast-error.js'
import type { RecordedEvent } from '../../store/event-store.js'
import type { Newable } from '../../message/message.js'
import type { LogSource } from './log-source.js'

/** A recorded event as a projection reads it. */
export interface ReadEvent {
  /** As the log has it. */
  readonly recorded: RecordedEvent
  /** As today's classes have it: several where it was split; none where it cannot be decoded. */
  readonly decoded: readonly DecodedEvent[]
  /** Why it cannot be decoded; undefined when it can. */
  readonly failure?: { readonly error: unknown }
}

/**
 * Reads the recorded events that matter to a projection, and passes over the others.
 *
 * An event of an unknown type matters too, where its stream is of an aggregate whose events the projection folds: newer code
 * may have written it in the place of one that is folded, after a rename or a split. It cannot be decoded, so the projection
 * pauses; passed over, it would be missing for good when the checkpoint is beyond it.
 */
export class ProjectionReader {
  readonly #source: LogSource
  readonly #types: ReadonlySet<string>
  readonly #categories: ReadonlySet<string>

  constructor(source: LogSource, events: readonly Newable[]) {
    this.#source = source
    this.#types = source.catalog.typesReadAs(events)
    this.#categories = new Set(events.flatMap(event => source.categoriesOf?.(event) ?? []))
  }

  /** The events that matter, decoded; each that cannot be with the reason. */
  read(events: readonly RecordedEvent[]): readonly ReadEvent[] {
    const { catalog, store } = this.#source
    const read: ReadEvent[] = []
    for (const recorded of events) {
      if (!this.#matters(recorded)) continue
      try {
        read.push({ recorded, decoded: catalog.decode(recorded, store.logId) })
      } catch (error) {
        read.push({ recorded, decoded: [], failure: { error } })
      }
    }
    return read
  }

  #matters({ type, stream }: RecordedEvent): boolean {
    if (this.#types.has(type)) return true
    return !this.#source.catalog.knows(type) && this.#categories.has(stream.slice(0, stream.indexOf('-')))
  }
}

/** Only newer code can read the event; nothing is wrong with it. */
export function isNewerThanCode(error: unknown): boolean {
  return (
    error instanceof HindcastError &&
    (error.code === 'HC_EVENT_NEWER_THAN_CODE' || error.code === 'HC_EVENT_TYPE_UNKNOWN')
  )
}
