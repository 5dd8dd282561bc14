import type { LogPlace } from './read-model-store.js'

/**
 * What the worker of a partition does:
 *
 * - `catching-up`: it folds history. Entered at start and whenever it falls behind.
 * - `live`: it has folded everything there is, and waits.
 * - `retrying`: it waits to try an event or the read model again, or to claim what another worker took.
 * - `rebuilding`: a rebuild works on the rows; the worker stands back and goes on when that ends.
 * - `paused`: it met an event that only newer code knows, by its version or its name; it goes on when the process is upgraded.
 * - `stopped`: an event cannot be folded, or log or read model cannot be used. It goes on after a restart.
 */
export type OwnerState = 'catching-up' | 'live' | 'retrying' | 'rebuilding' | 'paused' | 'stopped'

/** What the owner of a partition says of itself. */
export interface OwnerReport {
  /** Who it is: `<host>:<pid>`. */
  readonly owner: string
  /** What its worker does. */
  readonly state: OwnerState
  /** What keeps it from going on. */
  readonly error?: { readonly code: string; readonly message: string }
  /** How many events it folds a second, lately. */
  readonly eventsPerSecond: number
}

/** Where one projection version stands in one partition, for any process to see. */
export interface Standing extends LogPlace {
  /** The next offset to fold. */
  readonly next: bigint
  /** The number of the owner. */
  readonly epoch: bigint
  /** How many events are parked. */
  readonly parked: number
  /** What the owner of this epoch said last; undefined when it has said nothing yet. */
  readonly report?: OwnerReport
  /** How long ago that was, in milliseconds, by one clock for all processes: that of the store. */
  readonly reportAgeMs?: number
}
