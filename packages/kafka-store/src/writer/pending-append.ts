import type { AppendInput, AppendResult } from '@hindcast/core'

/** An append that waits for its answer. */
export interface PendingAppend extends AppendInput {
  readonly events: number
  readonly bytes: number
  /** By the clock, when `append` was called; ms since 1970. */
  readonly time: number
  /** When it was called, by the monotonic clock in ms. */
  readonly since: number
  readonly resolve: (result: AppendResult) => void
  readonly reject: (error: unknown) => void
  /** True when its promise is settled: whatever comes of it later interests nobody. */
  answered: boolean
}

/** Settles an append with a result, unless it was settled before. */
export function answer(append: PendingAppend, result: AppendResult): void {
  if (append.answered) return
  append.answered = true
  append.resolve(result)
}

/** Settles an append with an error, unless it was settled before. */
export function refuse(append: PendingAppend, error: unknown): void {
  if (append.answered) return
  append.answered = true
  append.reject(error)
}
