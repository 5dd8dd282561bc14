import type { RecordedEvent } from '@hindcast/core'

/** One thing that is wrong. */
export interface VerifyProblem {
  /** The stable identifier of the error. */
  readonly code: string
  /** What is wrong, where, and what to do. */
  readonly message: string
  /** Partition, colon, offset; undefined for what has no place in this log. */
  readonly place?: string
  /** The stream id. */
  readonly stream?: string
  /** The place in the stream. */
  readonly version?: number
  /** The recorded name. */
  readonly type?: string
  /** The recorded version of its shape. */
  readonly schemaVersion?: number
}

/** How many events there are of one type and version. */
export interface VerifiedType {
  /** The recorded name. */
  readonly type: string
  /** The recorded version of its shape. */
  readonly schemaVersion: number
  /** How many. */
  readonly events: number
}

/** What was looked at of snapshots. */
export interface VerifiedSnapshots {
  /** How many were found, whose aggregate declares what it declares today. */
  readonly found: number
  /**
   * How many were compared with the fold of all events up to them. Of the others the log has no such event, so that they are
   * never used, or it came after the end, or its stream could not be folded so far.
   */
  readonly compared: number
  /** How many of the compared were taken by a build whose text is another: other code, or this code from another compiler. */
  readonly ofOtherBuilds: number
}

/** What was looked at of read models. */
export interface VerifiedReadModels {
  /** How many checkpoints: of every version that they hold, also of projections that the app does not know. */
  readonly checkpoints: number
  /** How many parked events of this log, of the projections that the app knows. */
  readonly parked: number
}

/** A batch of an append that never happened. */
export interface VoidBatch {
  /** Where its first record is: partition, colon, offset. */
  readonly place: string
  /** How many records it has. */
  readonly records: number
  /** Why it never happened. */
  readonly reason: string
}

/** Records that are no events: of every reader they are skipped, so they are no problem. */
export interface VerifiedSkips {
  /** Batches of appends that never happened. */
  readonly voidBatches: number
  /** The records in them. */
  readonly voidRecords: number
  /** The first of them, in the order of the log: as many as problems. */
  readonly firstVoid: readonly VoidBatch[]
  /** Records of somebody else. */
  readonly foreignRecords: number
}

/** How far a verification is. */
export interface VerifyProgress {
  /** Records that are read, also those that are no events. */
  readonly records: number
  /** Records that there were at the beginning. */
  readonly totalRecords: number
  /** Events that are verified. */
  readonly events: number
  /** Problems that were found. */
  readonly problems: number
  /** Events a second. */
  readonly eventsPerSecond: number
  /** How long it will take at this rate, in milliseconds; undefined when nothing is known yet. */
  readonly etaMs?: number
}

/** What was found in a log. */
export interface VerifyReport {
  /** The log's identity. */
  readonly logId: string
  /** How many partitions it has. */
  readonly partitions: number
  /** False when the signal ended it; then the report is of what was read. */
  readonly done: boolean
  /** How many events were verified. */
  readonly events: number
  /** How many streams they are of. */
  readonly streams: number
  /** How many events came behind a problem of their stream: they were decoded and validated, and not folded. */
  readonly notFolded: number
  /** How many records lie behind a place where their partition cannot be read; a problem names the place. */
  readonly notRead: number
  /** How many events there are of each type and version, in the order of their names. */
  readonly types: readonly VerifiedType[]
  /** Records that are no events; undefined where the log cannot have any, or does not tell of them. */
  readonly skipped?: VerifiedSkips
  /** Snapshots; undefined where there are none to be seen. */
  readonly snapshots?: VerifiedSnapshots
  /** Read models; undefined where none were given. */
  readonly readModels?: VerifiedReadModels
  /** How many problems there are. */
  readonly problems: number
  /** How many of each code. */
  readonly problemsByCode: Readonly<Record<string, number>>
  /** The first of them, in the order of the log. */
  readonly firstProblems: readonly VerifyProblem[]
  /** How long it took, in milliseconds. */
  readonly durationMs: number
}

/** What a problem says of its event. @internal */
export function eventOf({
  partition,
  offset,
  stream,
  version,
  type,
  schemaVersion,
}: RecordedEvent): Omit<VerifyProblem, 'code' | 'message'> {
  return { place: `${partition}:${offset}`, stream, version, type, schemaVersion }
}
