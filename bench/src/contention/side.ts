/** Which of the two is measured. */
export type Side = 'ours' | 'baseline'

/** One turn of a contender. */
export interface TurnOrder {
  readonly side: Side
  readonly clients: number
  readonly seconds: number
}

/** What came of it. */
export interface TurnReport {
  readonly operations: number
  readonly elapsedMs: number
  readonly cpuMs: number
  /** In milliseconds, ascending. */
  readonly latencies: readonly number[]
  /** The sum of all acknowledged deposits, in cents. */
  readonly cents: number
  /** Commands that lost to other writers until their time was up. */
  readonly gaveUp: number
}
