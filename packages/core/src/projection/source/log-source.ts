import type { Newable } from '../../message/message.js'
import type { EventStore } from '../../store/event-store.js'
import type { EventReader } from './event-reader.js'

/** A log that projections read: the app's own, or another one. */
export interface LogSource {
  /** The event store. */
  readonly store: EventStore
  /** Reads recorded events as events of today's classes. */
  readonly catalog: EventReader
  /**
   * The categories of the streams that an event is appended to: those of the aggregates that apply it; none for an event
   * that this log does not have; undefined when unknown. A row projection whose events are all of one category has rows of
   * one partition each, which need no lock. Default: unknown, rows are locked.
   */
  readonly categoriesOf?: (event: Newable) => readonly string[] | undefined
  /** The partition key of a stream, by which SQL projections park. Default: the stream id. */
  readonly partitionKeyOf?: (stream: string) => string
}
