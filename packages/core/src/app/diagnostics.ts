import { channel } from 'node:diagnostics_channel'

/** Published on `hindcast:core:command` when a command ends. */
export interface CommandDiagnostic {
  /** The log that it is about. */
  readonly logId: string
  /** The command's persisted name. */
  readonly command: string
  /** The stream id. */
  readonly stream: string
  /** `'done'`, or the code or name of the error. */
  readonly outcome: string
  /** True when the command id had been executed before. */
  readonly repeated: boolean
  /** How long it took, in milliseconds. */
  readonly durationMs: number
  /** What was thrown, if anything. */
  readonly error?: unknown
}

/** Published on `hindcast:core:started` and `hindcast:core:stopped`. */
export interface AppDiagnostic {
  /** The log that it is about. */
  readonly logId: string
  /** How many partitions the log has. */
  readonly partitions: number
  /** How many aggregates the app has. */
  readonly aggregates: number
  /** How many projections the app has. */
  readonly projections: number
  /** How long it took, in milliseconds. */
  readonly durationMs: number
}

/** Published on `hindcast:core:snapshot-failed`: the command itself succeeded. */
export interface SnapshotDiagnostic {
  /** The log that it is about. */
  readonly logId: string
  /** The stream id. */
  readonly stream: string
  /** What was thrown. */
  readonly error: unknown
}

/**
 * Published on `hindcast:core:snapshots-of-other-builds`, once for each aggregate of an app: a stream has snapshots, and none that
 * this build may load. Streams are loaded from all their events until this build has taken snapshots of its own.
 */
export interface OtherBuildsDiagnostic {
  /** The log that it is about. */
  readonly logId: string
  /** The class of the aggregate. */
  readonly aggregate: string
  /** The first part of its stream ids. */
  readonly category: string
  /** The stream that was met first; there may be many. */
  readonly stream: string
}

/**
 * The diagnostics channels of this room. Nothing is computed for a channel without subscribers.
 *
 * @see https://nodejs.org/api/diagnostics_channel.html
 */
export const channels: {
  readonly command: ReturnType<typeof channel>
  readonly started: ReturnType<typeof channel>
  readonly stopped: ReturnType<typeof channel>
  readonly snapshotFailed: ReturnType<typeof channel>
  readonly otherBuilds: ReturnType<typeof channel>
} = {
  command: channel('hindcast:core:command'),
  started: channel('hindcast:core:started'),
  stopped: channel('hindcast:core:stopped'),
  snapshotFailed: channel('hindcast:core:snapshot-failed'),
  otherBuilds: channel('hindcast:core:snapshots-of-other-builds'),
}
