import type { LogBatch } from '@hindcast/core'
import { FirstOf } from './first-of.js'
import type { VerifiedSkips, VoidBatch } from './verify-report.js'

/** Counts the records that are no events, and keeps the first batches that never happened. */
export class Skips {
  readonly #firstVoid: FirstOf<VoidBatch>
  #isTold = false
  #voidBatches = 0
  #voidRecords = 0
  #foreignRecords = 0

  /** @param keep - how many batches are kept */
  constructor(keep: number) {
    this.#firstVoid = new FirstOf(keep)
  }

  /** What was skipped; undefined where the log does not tell. */
  get result(): VerifiedSkips | undefined {
    if (!this.#isTold) return undefined
    return {
      ...{ voidBatches: this.#voidBatches, voidRecords: this.#voidRecords, firstVoid: this.#firstVoid.all },
      foreignRecords: this.#foreignRecords,
    }
  }

  /** What a batch has skipped in front of the end. */
  add({ partition, skipped }: LogBatch, end: bigint): void {
    if (!skipped) return
    this.#isTold = true
    for (const { from, next, kind, reason } of skipped) {
      if (from >= end) return
      const records = Number(next - from)
      if (kind === 'foreign') this.#foreignRecords += records
      else {
        this.#voidBatches++
        this.#voidRecords += records
        this.#firstVoid.add(partition, from, { place: `${partition}:${from}`, records, reason })
      }
    }
  }
}
