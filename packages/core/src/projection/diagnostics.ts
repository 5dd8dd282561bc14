import { channel } from 'node:diagnostics_channel'

/** Published on `hindcast:projections:stopped` and `hindcast:projections:paused`. */
export interface HaltDiagnostic {
  /** The log that it is about. */
  readonly logId: string
  /** The projection's name. */
  readonly projection: string
  /** The projection's version. */
  readonly version: number
  /** The partition. */
  readonly partition: number
  /** The next offset to fold, at which it halted. */
  readonly checkpoint: bigint
  /** What was thrown. */
  readonly error: unknown
}

/** Published on `hindcast:projections:retrying`: the worker waits and goes on from its checkpoint. */
export interface RetryDiagnostic extends Omit<HaltDiagnostic, 'error'> {
  /** Undefined when another worker took the partition over. */
  readonly error?: unknown
}

/** The diagnostics channels of projections. */
export const projectionChannels: {
  readonly stopped: ReturnType<typeof channel>
  readonly paused: ReturnType<typeof channel>
  readonly retrying: ReturnType<typeof channel>
} = {
  stopped: channel('hindcast:projections:stopped'),
  paused: channel('hindcast:projections:paused'),
  retrying: channel('hindcast:projections:retrying'),
}
