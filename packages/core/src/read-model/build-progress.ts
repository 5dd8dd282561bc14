import type { LogPlace } from './read-model-store.js'

/** The next offset to fold in one partition. */
export interface CutPlace extends LogPlace {
  /** The first offset that is no part of it. */
  readonly next: bigint
}

/** "The log up to here": one place for each partition of each log that feeds a projection. It splits no append. */
export type Cut = readonly CutPlace[]

/**
 * What a build does:
 *
 * - `building`: it folds history.
 * - `catching-up`: it folds what came meanwhile.
 * - `comparing`: both versions stand still at one cut and their rows are compared.
 * - `swapping`: it waits for its moment, and readers read the new rows.
 */
export type BuildPhase = 'building' | 'catching-up' | 'comparing' | 'swapping'

/** How far a build is in one partition. */
export interface PartitionProgress extends CutPlace {
  /** Where it goes to, as far as is known by now. */
  readonly end: bigint
}

/** How far a build is. Published on `hindcast:projections:build-progress` too. */
export interface BuildProgress {
  /** The projection's name. */
  readonly projection: string
  /** The projection's version. */
  readonly version: number
  /** The schema that is built. */
  readonly schema: string
  /** What it does. */
  readonly phase: BuildPhase
  /** How many records of the log it has passed, also those that are no events of this projection. */
  readonly events: number
  /** How many there are to pass; grows while others append. */
  readonly totalEvents: number
  /** How many records it passed a second, lately. */
  readonly eventsPerSecond: number
  /** How long it will take at this rate, in milliseconds; undefined when nothing is known yet. */
  readonly etaMs?: number
  /** Each partition. */
  readonly partitions: readonly PartitionProgress[]
  /** What keeps a partition from going on: log or database are away, or full. It is tried again until it goes. */
  readonly error?: unknown
}

/** What every build can be told. */
export interface BuildOptions {
  /** How many records a second at most, so that others get their share of the machine. Default: no limit. */
  readonly maxEventsPerSecond?: number
  /**
   * Ends the work between two transactions; the operation rejects with the signal's reason. What was built stays, and the same
   * operation goes on from there. Default: none.
   */
  readonly signal?: AbortSignal
  /** Called a few times a second and at each change of phase. Default: nobody is told. */
  readonly onProgress?: (progress: BuildProgress) => void
}

/** What a build left out, as the projection's failure policy says. */
export interface LeftOut {
  /** How many events are parked. */
  readonly parked: number
  /** How many were skipped. */
  readonly skipped: number
}
