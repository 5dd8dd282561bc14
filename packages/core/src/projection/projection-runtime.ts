import type { Inspectable } from '../inspection/finding.js'
import type { Newable } from '../message/message.js'
import type { ProjectionDefinition } from './definition.js'
import type { ParkedEvents } from './parked-events.js'
import type { Clock } from '../time/clock.js'
import type { EventReader } from './event-reader.js'
import type { ProjectionHealth } from './health.js'
import type { RowProjection } from './row-projection.js'
import type { EventStore } from '../store/event-store.js'
import type { ReadModelOperations } from '../read-model/operations.js'
import type { View } from '../read-model/view.js'

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

/** What an app gives its read models. */
export interface ReadModelsHost {
  /** The logs to read. */
  readonly sources: readonly LogSource[]
  /** The projections. */
  readonly projections: readonly ProjectionDefinition[]
  /** Workers run in `'all'` and `'workers'`; views are there in every process. */
  readonly run: 'all' | 'commands' | 'workers'
  /** What the age of events is measured by. Default: the wall clock. */
  readonly clock?: Clock
  /** Only looks: no tables are made, and a version that has none is `unowned`. Default false. */
  readonly existing?: boolean
}

/** Projections at work, and the way to read what they make. */
export interface ProjectionRuntime extends AsyncDisposable {
  /** Reads a projection's rows. @throws ProjectionUnknownError when it was not given at start. */
  view<R extends object>(projection: Newable<RowProjection<R>>): View<R>
  /** Reads the tables of a SQL projection: `query` only. @throws ProjectionUnknownError when it was not given at start. */
  view(projection: Newable): Pick<View<Record<string, unknown>>, 'query'>
  /** The parked events of a projection. @throws ProjectionUnknownError when it was not given at start. */
  parked(projection: Newable): ParkedEvents
  /** What operators do with the read models. Refused with OperationsUnsupportedError in memory. */
  readonly operations: ReadModelOperations
  /** What the workers have in hand, a sentence each. */
  readonly inHand: readonly string[]
  /** How each projection stands in each partition of each log. */
  health(): Promise<readonly ProjectionHealth[]>
  /** Finishes the batches in hand, refuses the rest with ReadModelsClosedError, and frees everything. Idempotent. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Opens read models: `memoryReadModels()`, `pglite('./data/views')`, `postgres(url)`.
 *
 * @throws ProjectionDefinitionError that lists everything wrong with the projections.
 */
export interface ReadModelsFactory extends Inspectable {
  /** Opens them. */
  (host: ReadModelsHost): Promise<ProjectionRuntime>
}
