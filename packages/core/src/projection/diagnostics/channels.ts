import { channel } from 'node:diagnostics_channel'
import type { ParkedEvent, PassedEvent } from '../../read-model/parked-event.js'

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

/** Published on `hindcast:projections:set-aside`: events were parked or skipped, and the partition goes on. */
export interface SetAsideDiagnostic extends Omit<HaltDiagnostic, 'error'> {
  /** What was parked, also what only waits behind a parked event. */
  readonly parked: readonly ParkedEvent[]
  /** What was skipped. */
  readonly passed: readonly PassedEvent[]
}

/** Published on `hindcast:projections:waiting`: nothing of the projection can be opened yet, and it is tried again. */
export interface WaitingDiagnostic {
  /** A log that feeds it. */
  readonly logId: string
  /** The projection's name. */
  readonly projection: string
  /** The projection's version. */
  readonly version: number
  /** What it waits for. */
  readonly error: unknown
}

/**
 * Published on `hindcast:projections:unattended`: readers were given a version that no worker folds, so that its rows stand still
 * until an app with it runs.
 */
export interface UnattendedDiagnostic {
  /** A log that feeds it. */
  readonly logId: string
  /** The projection's name. */
  readonly projection: string
  /** The projection's version. */
  readonly version: number
}

/** The diagnostics channels of projections. */
export const projectionChannels: {
  readonly stopped: ReturnType<typeof channel>
  readonly paused: ReturnType<typeof channel>
  readonly retrying: ReturnType<typeof channel>
  readonly setAside: ReturnType<typeof channel>
  readonly waiting: ReturnType<typeof channel>
} = {
  stopped: channel('hindcast:projections:stopped'),
  paused: channel('hindcast:projections:paused'),
  retrying: channel('hindcast:projections:retrying'),
  setAside: channel('hindcast:projections:set-aside'),
  waiting: channel('hindcast:projections:waiting'),
}
