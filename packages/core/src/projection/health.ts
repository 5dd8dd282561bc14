/**
 * What a partition's worker does:
 *
 * - `catching-up`: it folds history. Entered at start and whenever it falls behind.
 * - `live`: it has folded everything there is, and waits.
 * - `paused`: it met an event newer than this code; it goes on when the process is upgraded.
 * - `stopped`: an event cannot be folded, or log or read model cannot be used; `error` says why. It goes on after a restart.
 * - `elsewhere`: no worker of this process owns the partition.
 */
export type WorkerState = 'catching-up' | 'live' | 'paused' | 'stopped' | 'elsewhere'

/** How one projection stands in one partition of one log. */
export interface ProjectionHealth {
  /** The projection's name. */
  readonly projection: string
  /** The projection's version. */
  readonly version: number
  /** The log's id. */
  readonly log: string
  /** The partition. */
  readonly partition: number
  /** What its worker does. */
  readonly state: WorkerState
  /** Why it is paused or stopped. */
  readonly error?: unknown
  /** The next offset to fold. */
  readonly checkpoint: bigint
  /** The end of the partition. */
  readonly end: bigint
  /** How many records lie between; some may be no events of this projection. */
  readonly lagEvents: number
}
