import type { CheckpointKey } from './read-model-store.js'

/**
 * What a person or a tool wants the owner of a partition to do with parked events.
 *
 * - `retry`: folds the parked events of the keys again, in order, and those that hang together with them by a shared key.
 * - `drop`: leaves out the first parked event of each key for good, with a record, then retries the rest.
 */
export interface ParkedRequest extends CheckpointKey {
  /** Names the request; a request made twice under one id is one. */
  readonly id: string
  /** What is to be done. */
  readonly action: 'retry' | 'drop'
  /** The keys it is about; empty: all of the partition. */
  readonly keys: readonly string[]
  /** Why, kept with what is dropped. */
  readonly reason: string
}

/** What became of a request. */
export interface RequestOutcome {
  /** How many parked events were folded. */
  readonly folded: number
  /** How many were dropped. */
  readonly dropped: number
  /** How many of those it was about are still parked. */
  readonly parked: number
  /** Why the first of them is; undefined when none is. */
  readonly error?: { readonly code: string; readonly message: string }
}
