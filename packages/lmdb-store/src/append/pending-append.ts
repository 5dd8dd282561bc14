import type { AppendOptions, AppendResult, StreamWrite } from '@hindcast/core'

/** An append that waits for its answer. */
export interface PendingAppend {
  readonly writes: readonly StreamWrite[]
  readonly options: AppendOptions
  readonly partition: number
  readonly events: number
  readonly bytes: number
  /** By the clock, when `append` was called; ms since 1970. */
  readonly time: number
  /** When it was queued, by the monotonic clock in ms. */
  readonly since: number
  readonly resolve: (result: AppendResult) => void
  readonly reject: (error: unknown) => void
  /**
   * - `queued`: nothing was done with it
   * - `written`: it is part of a transaction that was not yet acknowledged by the disk
   * - `answered`: its promise is settled; from `queued` it comes here directly when it is given up
   */
  state: 'queued' | 'written' | 'answered'
}
