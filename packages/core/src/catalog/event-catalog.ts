import type { EventMeta } from '../message/event-meta.js'
import { messageInfo, type AnyEvent, type Newable } from '../message/message.js'
import { encodePayload } from '../payload/encode.js'
import type { NewEvent, RecordedEvent } from '../store/event-store.js'
import type { Upcaster } from '../upcasting/upcast.js'
import { PayloadError } from '../payload/errors.js'
import { shown } from '../payload/shown.js'
import { buildReadings, type ReadingsOfName } from './build-readings.js'
import {
  contextOf,
  EventNewerThanCodeError,
  EventVersionUnreadableError,
  placeOf,
  UnknownEventTypeError,
  UnregisteredEventError,
} from './errors.js'
import { eventNames, type EventNames } from './event-names.js'
import { fieldProblems } from './field-problems.js'
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

/** How a class of today is written. */
interface Written {
  readonly type: string
  readonly schemaVersion: number
  readonly what: string
}

/**
 * The events that an app knows: writes them, and reads every recorded version of them as events of today. Upcasting happens
 * here and nowhere else, once, so that aggregates, projections, subscriptions and tools all see current events.
 */
export class EventCatalog {
  /** What is wrong with the declarations, a sentence each; empty when the catalog can be used. */
  readonly problems: readonly string[]
  readonly #readings: ReadonlyMap<string, ReadingsOfName>
  readonly #classes: EventNames['classes']
  readonly #written = new Map<object, Written>()

  /**
   * @param events - the classes of today
   * @param upcasters - how their older versions are read, and what becomes of events that have no class any more
   */
  constructor(events: Iterable<Newable<AnyEvent>>, upcasters: Iterable<Upcaster> = []) {
    const problems: string[] = []
    const names = eventNames([...events], problems)
    this.#classes = names.classes
    this.#readings = buildReadings(names, [...upcasters], problems)
    this.problems = [...problems, ...fieldProblems(names.classes.values())]
    for (const [type, event] of names.classes)
      this.#written.set(event.prototype as object, {
        type,
        schemaVersion: messageInfo(event)!.version,
        what: `event "${type}"`,
      })
  }

  /**
   * An event as it is written.
   *
   * @throws UnregisteredEventError; PayloadError when it would not come back equal
   */
  encode(event: object): Omit<NewEvent, 'id'> {
    const written = this.#written.get(prototypeOf(event))
    if (!written) throw new UnregisteredEventError(described(event))
    const { type, schemaVersion, what } = written
    return { type, schemaVersion, data: encodePayload(event, what) }
  }

  /**
   * The events that a recorded one is read as: one; several where it is split; an `Ignored` marker where it is dropped.
   *
   * @param logId - the log that has it, for its position
   * @throws EventNewerThanCodeError, EventVersionUnreadableError, UnknownEventTypeError, UpcastError, PayloadError
   */
  decode(recorded: RecordedEvent, logId: string): readonly DecodedEvent[] {
    const decoded: DecodedEvent[] = []
    this.fold(recorded, logId, (event, meta) => decoded.push({ event, meta }))
    return decoded
  }

  /** Like `decode`, one call for each event: for replays, which read many and keep none. */
  fold(recorded: RecordedEvent, logId: string, sink: (event: object, meta: EventMeta) => void): void {
    const reading = this.#readingOf(recorded)
    const event = readPlaced(recorded, reading.one)
    if (event) return sink(event, new RecordedMeta(recorded, logId, reading.type, 0))
    let part = 0
    for (const each of readPlaced(recorded, reading.all))
      sink(each, new RecordedMeta(recorded, logId, messageInfo(each)!.name, part++))
  }

  /**
   * The classes that events recorded under a name may be read as: usually one. None for a name that is unknown or only
   * dropped; every class where a version is split, since the split decides.
   */
  readsAs(type: string): ReadonlySet<Newable<AnyEvent>> {
    const classes = new Set<Newable<AnyEvent>>()
    for (const reading of this.#readings.get(type) ?? [])
      if (reading?.becomes === 'others') return new Set(this.#classes.values())
      else if (reading?.becomes === 'itself') classes.add(this.#classes.get(reading.type)!)
    return classes
  }

  /**
   * What a version of a recorded name is read as: an event of its own class, others that it is split into, or nothing where
   * it is dropped; undefined where nothing reads it.
   */
  becomes(type: string, schemaVersion: number): 'itself' | 'others' | 'nothing' | undefined {
    return this.#readings.get(type)?.[schemaVersion]?.becomes
  }

  /** The recorded names that may be read as one of the classes; others need not be decoded for them. */
  typesReadAs(events: readonly Newable[]): ReadonlySet<string> {
    const names = new Set<string>()
    for (const [name, readings] of this.#readings)
      if (readings.some(reading => reading?.becomes === 'others')) names.add(name)
    for (const event of events) {
      const info = messageInfo(event)
      if (info) for (const name of [info.name, ...info.formerly]) names.add(name)
    }
    return names
  }

  /** True for each recorded name that something in this code reads: those of today, former ones, and those of upcasters. */
  knows(type: string): boolean {
    return this.#readings.has(type)
  }

  #readingOf(recorded: RecordedEvent): Reading {
    const { type, schemaVersion } = recorded
    const readings = this.#readings.get(type)
    const reading = readings?.[schemaVersion]
    if (reading) return reading
    if (!readings) throw new UnknownEventTypeError(recorded, nearest(type, this.#readings.keys()))
    if (schemaVersion >= readings.length) throw new EventNewerThanCodeError(recorded, readings.length - 1)
    throw new EventVersionUnreadableError(recorded, readings.length - 1)
  }
}

function described(event: unknown): string {
  const info = messageInfo(event)
  return info ? `${info.kind} "${info.name}", ${shown(event)},` : shown(event)
}

function prototypeOf(event: unknown): object {
  return typeof event === 'object' && event !== null ? (Object.getPrototypeOf(event) as object) : Object
}

/** A payload does not know where it was recorded, so its errors learn it here. */
function readPlaced<T>(recorded: RecordedEvent, read: (recorded: RecordedEvent) => T): T {
  try {
    return read(recorded)
  } catch (error) {
    if (!(error instanceof PayloadError)) throw error
    const { what, path, reason, cause } = error
    throw new PayloadError(`${what} ${placeOf(recorded)}`, path, reason, {
      cause,
      place: contextOf(recorded),
    })
  }
}
