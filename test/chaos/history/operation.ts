import type { ExpectedVersion, StreamVersion } from '@hindcast/core'

/** What a writer was about to append. */
export interface PlannedAppend {
  readonly commandId: string
  readonly writes: readonly PlannedWrite[]
}

/** A part of it, for one stream. */
export interface PlannedWrite {
  readonly stream: string
  readonly expected: ExpectedVersion
  readonly after?: string
  readonly eventIds: readonly string[]
}

/** How an attempt ended, as its writer saw it. */
export type Outcome =
  | {
      readonly kind: 'appended'
      readonly repeated: boolean
      readonly versions: readonly number[]
      readonly position: string
    }
  | {
      readonly kind: 'conflict'
      readonly stream: string
      readonly expected: ExpectedVersion
      readonly actual: StreamVersion
    }
  /** The store said that nothing was written. */
  | { readonly kind: 'refused'; readonly code: string }
  /** The store said that it does not know, or the writer was killed before it got an answer. */
  | { readonly kind: 'unknown'; readonly code?: string }

/** One attempt to append: between its call and its answer it may have happened, once. */
export interface Attempt extends PlannedAppend {
  /** Who did it: the writer and its life, for people. */
  readonly writer: string
  /** By a monotonic clock that all processes of the machine share, in nanoseconds. */
  readonly calledAt: number
  /** Infinity when no answer came. */
  readonly answeredAt: number
  readonly outcome: Outcome
}

/** An event as the log holds it in the end. */
export interface LoggedEvent {
  readonly id: string
  readonly stream: string
  readonly version: number
  readonly partition: number
  readonly offset: bigint
  readonly time: number
  readonly commandId: string
}

/** What a live reader saw of a partition, from a checkpoint on. */
export interface Subscription {
  readonly reader: string
  readonly partition: number
  /** The checkpoint it began at. */
  readonly from: bigint
  /** The checkpoint it reached. */
  readonly next: bigint
  /** The checkpoint that it had to reach: where the partition ended when the reader was told to end. */
  readonly due: bigint
  readonly eventIds: readonly string[]
}

/** Everything that is known after a run. */
export interface History {
  readonly attempts: readonly Attempt[]
  /** By partition, each in the order of the log. */
  readonly log: readonly (readonly LoggedEvent[])[]
  readonly subscriptions: readonly Subscription[]
  /** Where another way to read the log did not give the same. */
  readonly disagreements: readonly string[]
}
