import type { Newable } from '../message/message.js'
import type { BuildOptions, Cut, LeftOut } from './build-progress.js'
import type { Comparison } from './comparison.js'

/** How a rebuild is done. */
export interface RebuildOptions extends BuildOptions {
  /**
   * Compares the rows with those that readers have now, both at the same cut. Default: true where the version is the one that is
   * read, false where it is a new one.
   */
  readonly compare?: boolean
  /** Swaps also when rows differ, or when the build left out events that are in what is read now. Default false. */
  readonly acceptDifferences?: boolean
  /** Throws away what an interrupted rebuild has built, and begins again. Default false: goes on. */
  readonly fresh?: boolean
  /** How long the swap may wait for readers with long transactions, in milliseconds. Default 60,000. */
  readonly swapTimeoutMs?: number
}

/** What a rebuild did. */
export interface RebuildResult {
  /** The projection's name. */
  readonly projection: string
  /** The version that is read now. */
  readonly version: number
  /** The schema that readers read now. */
  readonly schema: string
  /** The schema that they read before, kept for {@link ReadModelOperations.rollback}; undefined when there was none. */
  readonly kept?: string
  /** Whether it went on from an interrupted rebuild. */
  readonly resumed: boolean
  /** How many records it passed. */
  readonly events: number
  /** How long it took, in milliseconds. */
  readonly durationMs: number
  /** Where the new rows stood at the swap. */
  readonly cut: Cut
  /**
   * Whether a worker somewhere folds what is read now; false also where it has not told of itself for 15 seconds. Where nobody does,
   * the rows stand still until an app with the version runs; that is logged, and told on `hindcast:projections:unattended`.
   */
  readonly attended: boolean
  /** What was left out. */
  readonly leftOut: LeftOut
  /** What the comparison found; undefined when none was asked for. */
  readonly comparison?: Comparison
}

/** Which rows a copy has. */
export interface CopyOptions extends BuildOptions {
  /** The schema to make: `[a-z][a-z0-9_]*`, at most 63 characters. It must not be there. */
  readonly into: string
  /**
   * A time: in each partition the longest prefix of whole appends that are older. Or a cut. Default: the end of the log as it is
   * when the copy begins.
   */
  readonly asOf?: Date | Cut
  /** A time or a cut to begin at, instead of the beginning: events before are left out. Default: the beginning. */
  readonly from?: Date | Cut
}

/** What a copy has. */
export interface CopyResult {
  /** The projection's name. */
  readonly projection: string
  /** The projection's version. */
  readonly version: number
  /** The schema that was made. */
  readonly schema: string
  /** Whether it went on from an interrupted copy. */
  readonly resumed: boolean
  /** Where it begins. */
  readonly from: Cut
  /** Where it ends: give this as `asOf` to get the same rows again. */
  readonly cut: Cut
  /** How many records it passed. */
  readonly events: number
  /** How long it took, in milliseconds. */
  readonly durationMs: number
  /** What was left out. */
  readonly leftOut: LeftOut
}

/** How a roll-back is done. */
export interface RollbackOptions extends BuildOptions {
  /** The schema to read again. Default: the one that was read last. */
  readonly to?: string
  /**
   * Since when readers read what they read now, as `versions()` says of the schema that is active. The roll-back is refused when they
   * have been given something else since, so that it can be asked for again when its answer was lost; without it, a second
   * roll-back undoes the first. Default: whatever they read.
   */
  readonly readSince?: Date
  /** How long the swap may wait for readers with long transactions, in milliseconds. Default 60,000. */
  readonly swapTimeoutMs?: number
}

/** What a roll-back did. */
export interface RollbackResult {
  /** The projection's name. */
  readonly projection: string
  /** The version that is read now. */
  readonly version: number
  /** The schema that readers read now. */
  readonly schema: string
  /** The schema that they read before. */
  readonly kept: string
  /** Where the rows stood at the swap. */
  readonly cut: Cut
  /**
   * Whether a worker somewhere folds what is read now; false also where it has not told of itself for 15 seconds. Where nobody does,
   * the rows stand still until an app with the version runs; that is logged, and told on `hindcast:projections:unattended`.
   */
  readonly attended: boolean
}

/** What is released. */
export interface ReleaseOptions {
  /**
   * Only this schema: also a copy or a build that is not read yet. Default: everything that was read before, and rebuilds that
   * nobody works on; copies stay.
   */
  readonly schema?: string
}

/** Somebody builds. */
export interface BuildStanding {
  /** `rebuild`, `copy` or `rollback`. */
  readonly kind: 'rebuild' | 'copy' | 'rollback'
  /** Who: `<host>:<pid>`. */
  readonly owner: string
  /** Since when. */
  readonly since: Date
  /** False when nobody works on it: its process is gone or was cancelled, and the same operation goes on from there; or it waits. */
  readonly running: boolean
  /** What a rebuild waits for: these differences from what is read now are to be accepted, or the schema released. */
  readonly waitsFor?: AwaitedDifferences
}

/** Why what was built is not swapped in. */
export interface AwaitedDifferences {
  /** How many rows are not the same; 0 where they were not compared. */
  readonly differentRows: number
  /** How many events are parked that were not before. */
  readonly parked: number
  /** How many events were skipped that were not before. */
  readonly skipped: number
}

/** One schema with the rows of a projection. */
export interface VersionStanding {
  /** The projection's name. */
  readonly projection: string
  /** The projection's version. */
  readonly version: number
  /** The schema. */
  readonly schema: string
  /**
   * - `active`: the views of schema `read` show it.
   * - `building`: it was never read.
   * - `kept`: it was read, and a roll-back reads it again.
   * - `copy`: it stays as it is.
   */
  readonly role: 'active' | 'building' | 'kept' | 'copy'
  /** Since when it has this role. */
  readonly since: Date
  /** Where it stands; partitions of which nothing was folded are missing. */
  readonly cut: Cut
  /** What was left out. */
  readonly leftOut: LeftOut
  /** The size of its tables and indexes, in bytes. */
  readonly sizeBytes: number
  /** The build that works on it, waits, or was interrupted. */
  readonly build?: BuildStanding
}

/** What operators do with read models, while apps run. Each works from any process that knows the projection's class. */
export interface ReadModelOperations {
  /**
   * Folds the whole log into the version of this class beside what is read now, and swaps: one transaction, after which the
   * views of schema `read` show it. Readers keep reading, and never go back in time: the swap waits until nothing that was
   * read is missing. An interrupted rebuild, also one whose process was killed, goes on where it was.
   *
   * Nothing else than the folds or handlers of this class runs.
   *
   * @throws RebuildRunningError, RebuildDiffersError, RebuildStoppedError, RebuildLostError, SwapBlockedError,
   *   SwapOutcomeUnknownError, OperationRefusedError, ProjectionUnknownError; the signal's reason. What was built stays.
   */
  rebuild(projection: Newable, options?: RebuildOptions): Promise<RebuildResult>
  /**
   * Folds a part of the log into a schema of its own that nobody else reads or changes.
   *
   * @throws SchemaExistsError, CutError, RebuildRunningError, RebuildStoppedError, RebuildLostError, OperationRefusedError,
   *   ProjectionUnknownError; the signal's reason
   */
  copy(projection: Newable, options: CopyOptions): Promise<CopyResult>
  /**
   * Readers read an earlier version again. It is caught up first where its class was given at start, so that they do not go
   * back in time.
   *
   * @param projection - the class, or the name
   * @throws OperationRefusedError, RebuildRunningError, SwapBlockedError, SwapOutcomeUnknownError,
   *   ProjectionUnknownError; the signal's reason
   */
  rollback(projection: Newable | string, options?: RollbackOptions): Promise<RollbackResult>
  /**
   * Drops what is read no more.
   *
   * @param projection - the class, or the name
   * @returns the schemas that were dropped
   * @throws OperationRefusedError, RebuildRunningError, ProjectionUnknownError
   */
  release(projection: Newable | string, options?: ReleaseOptions): Promise<readonly string[]>
  /** Every schema with rows of a projection, also of projections that this app does not know. */
  versions(): Promise<readonly VersionStanding[]>
}
