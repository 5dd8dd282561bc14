import type { EventMeta } from '../message/event-meta.js'
import { messageInfo, type AnyEvent, type Newable } from '../message/message.js'
import { encodePayload } from '../payload/encode.js'
import type { NewEvent, RecordedEvent } from '../store/event-store.js'
import type { Upcaster } from '../upcasting/upcast.js'
import { buildReadings, type Readings } from './build-readings.js'
import { EventNewerThanCodeError, UnknownEventTypeError, UnregisteredEventError } from './errors.js'
import { nearest } from './nearest.js'
import type { Reading } from './reading.js'
import { RecordedMeta } from './recorded-meta.js'

/** An event of today's classes, and where it came from. */
export interface DecodedEvent {
  /** An instance of its class, or an `Ignored` marker. */
  readonly event: object
  /** Where it stands in the log and where it came from. */
  readonly meta: EventMeta
}

/**
 * The events that an app knows: writes them, and reads every recorded version of them as events of today. Upcasting happens
 * here and nowhere else, once, so that aggregates, projections, subscriptions and tools all see current events.
 */
export class EventCatalog {
  /** What is wrong with the declarations, a sentence each; empty when the catalog can be used. */
  readonly problems: readonly string[]
  readonly #readings: Readings
  readonly #written = new Map<
    object,
    { readonly type: string; readonly schemaVersion: number; readonly what: string }
  >()

  constructor(events: Iterable<Newable<AnyEvent>>, upcasters: Iterable<Upcaster> = []) {
    const types = [...events]
    this.#readings = buildReadings(types, [...upcasters])
    this.problems = this.#readings.problems
    for (const type of types) {
      const info = messageInfo(type)
      if (info)
        this.#written.set(type.prototype as object, {
          type: info.name,
          schemaVersion: info.version,
          what: `event "${info.name}"`,
        })
    }
  }

  /**
   * An event as it is written.
   *
   * @throws UnregisteredEventError; PayloadError when it would not come back equal
   */
  encode(event: object): Omit<NewEvent, 'id'> {
    const written = this.#written.get(Object.getPrototypeOf(event) as object)
    if (!written) throw new UnregisteredEventError(messageInfo(event)?.name ?? event.constructor.name)
    const { type, schemaVersion, what } = written
    return { type, schemaVersion, data: encodePayload(event, what) }
  }

  /**
   * The events that a recorded one is read as: one; several where it is split; an `Ignored` marker where it is dropped.
   *
   * @throws EventNewerThanCodeError, UnknownEventTypeError, UpcastError, PayloadError
   */
  decode(recorded: RecordedEvent, logId: string): readonly DecodedEvent[] {
    const decoded: DecodedEvent[] = []
    this.fold(recorded, logId, (event, meta) => decoded.push({ event, meta }))
    return decoded
  }

  /** Like `decode`, one call for each event. */
  fold(recorded: RecordedEvent, logId: string, sink: (event: object, meta: EventMeta) => void): void {
    const reading = this.#readingOf(recorded)
    const event = reading.one(recorded)
    if (event) return sink(event, new RecordedMeta(recorded, logId, reading.type, 0))
    let part = 0
    for (const each of reading.all(recorded))
      sink(each, new RecordedMeta(recorded, logId, messageInfo(each)!.name, part++))
  }

  /** The recorded names that may be read as one of the classes; others need not be decoded for them. */
  typesReadAs(events: readonly Newable[]): ReadonlySet<string> {
    const names = new Set(this.#readings.split)
    for (const event of events) {
      const info = messageInfo(event)
      if (info) for (const name of [info.name, ...info.formerly]) names.add(name)
    }
    return names
  }

  #readingOf(recorded: RecordedEvent): Reading {
    const { type, schemaVersion } = recorded
    const readings = this.#readings.byName.get(type)
    const reading = readings?.[schemaVersion]
    if (reading) return reading
    if (readings) throw new EventNewerThanCodeError(recorded, readings.length - 1)
    throw new UnknownEventTypeError(recorded, nearest(type, this.#readings.byName.keys()))
  }
}
