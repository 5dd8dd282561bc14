import { channel } from 'node:diagnostics_channel'

/** Published on `hindcast:core:command` when a command ends. */
export interface CommandDiagnostic {
  readonly logId: string
  readonly command: string
  readonly stream: string
  /** `'done'`, or the code or name of the error. */
  readonly outcome: string
  readonly repeated: boolean
  readonly durationMs: number
  /** What was thrown, if anything. */
  readonly error?: unknown
}

/** Published on `hindcast:core:started` and `hindcast:core:stopped`. */
export interface AppDiagnostic {
  readonly logId: string
  readonly partitions: number
  readonly aggregates: number
  readonly projections: number
  readonly durationMs: number
}

/** Published on `hindcast:core:snapshot-failed`: the command itself succeeded. */
export interface SnapshotDiagnostic {
  readonly logId: string
  readonly stream: string
  readonly error: unknown
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
} = {
  command: channel('hindcast:core:command'),
  started: channel('hindcast:core:started'),
  stopped: channel('hindcast:core:stopped'),
  snapshotFailed: channel('hindcast:core:snapshot-failed'),
}
