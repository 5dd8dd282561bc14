import type { AppendInput, AppendOptions, AppendResult, PreparedAppend, StreamWrite } from '@hindcast/core'

/** How an append is answered. */
export interface Answers {
  readonly resolve: (result: AppendResult) => void
  readonly reject: (error: unknown) => void
}

/** An append that waits for its answer. */
export class PendingAppend implements AppendInput {
  readonly writes: readonly StreamWrite[]
  readonly options: AppendOptions
  readonly events: number
  readonly bytes: number
  /** When it was called, by the monotonic clock in ms. */
  readonly since: number = performance.now()
  /** True when its promise is settled: whatever comes of it later interests nobody. */
  answered = false

  /**
   * @param input - which nobody changes any more
   * @param time - by the clock, when `append` was called; ms since 1970
   */
  constructor(
    { writes, options }: AppendInput,
    { events, bytes }: PreparedAppend,
    readonly time: number,
    private readonly answers: Answers,
  ) {
    this.writes = writes
    this.options = options
    this.events = events
    this.bytes = bytes
  }

  /** Settles it with a result, unless it was settled before. */
  answer(result: AppendResult): void {
    if (this.answered) return
    this.answered = true
    this.answers.resolve(result)
  }

  /** Settles it with an error, unless it was settled before. */
  refuse(error: unknown): void {
    if (this.answered) return
    this.answered = true
    this.answers.reject(error)
  }
}
