import {
  ownCopy,
  type AppendInput,
  type AppendOptions,
  type AppendResult,
  type PreparedAppend,
  type StreamWrite,
} from '@hindcast/core'

/**
 * - `queued`: nothing was done with it
 * - `written`: it is part of a transaction that was not yet acknowledged by the disk
 * - `answered`: its promise is settled; from `queued` it comes here directly when it is given up
 */
export type PendingState = 'queued' | 'written' | 'answered'

/** How an append is answered. */
export interface Answers {
  readonly resolve: (result: AppendResult) => void
  readonly reject: (error: unknown) => void
}

/** An append that waits for its answer. It has copies: the caller may go on with its objects meanwhile. */
export class PendingAppend implements AppendInput {
  readonly writes: readonly StreamWrite[]
  readonly options: AppendOptions
  readonly partition: number
  readonly events: number
  readonly bytes: number
  /** When it was queued, by the monotonic clock in ms. */
  readonly since: number = performance.now()
  state: PendingState = 'queued'

  /** @param time - by the clock, when `append` was called; ms since 1970 */
  constructor(
    writes: readonly StreamWrite[],
    options: AppendOptions,
    { partition, events, bytes }: PreparedAppend,
    readonly time: number,
    readonly answers: Answers,
  ) {
    const copy = ownCopy(writes, options)
    this.writes = copy.writes
    this.options = copy.options
    this.partition = partition
    this.events = events
    this.bytes = bytes
  }
}
