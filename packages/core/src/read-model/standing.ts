import type { LogPlace } from './read-model-store.js'

/** What the owner of a partition says of itself. */
export interface OwnerReport {
  /** Who it is: `<host>:<pid>`. */
  readonly owner: string
  /** What its worker does. */
  readonly state: 'catching-up' | 'live' | 'retrying' | 'paused' | 'stopped'
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
