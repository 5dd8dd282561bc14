import type { AppendOptions, AppendResult, NewEvent, PreparedAppend, StreamWrite } from '@hindcast/core'

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
export class PendingAppend {
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
    this.writes = writes.map(copyWrite)
    this.options = options.metadata ? { ...options, metadata: { ...options.metadata } } : { ...options }
    this.partition = partition
    this.events = events
    this.bytes = bytes
  }
}

function copyWrite({ stream, expected, after, events }: StreamWrite): StreamWrite {
  const copies = events.map(copyEvent)
  return after === undefined
    ? { stream, expected, events: copies }
    : { stream, expected, after, events: copies }
}

/** Field by field: whatever the caller's objects look like, these are all alike, which everything behind is faster with. */
function copyEvent({ id, type, schemaVersion, data }: NewEvent): NewEvent {
  return { id, type, schemaVersion, data }
}
