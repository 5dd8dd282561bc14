import type { Inspectable } from '../../inspection/finding.js'
import type { Newable } from '../../message/message.js'
import type { ProjectionDefinition } from '../definition/definition.js'
import type { ParkedEvents } from '../parking/parked-events.js'
import type { Clock } from '../../time/clock.js'
import type { LogSource } from '../source/log-source.js'
import type { ProjectionHealth } from './health.js'
import type { RowProjection } from '../declare/row-projection.js'
import type { ReadModelOperations } from '../../read-model/operations.js'
import type { View } from '../../read-model/view.js'

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
