import type { HindcastError, RecordedEvent } from '@hindcast/core'
import { FirstOf } from './first-of.js'
import { eventOf, type VerifyProblem } from './verify-report.js'

/** Counts all problems, and keeps the first of them in the order of the log, whichever partition is read faster. */
export class Problems {
  readonly #byCode = new Map<string, number>()
  readonly #first: FirstOf<VerifyProblem>
  #count = 0

  /** @param keep - how many are kept */
  constructor(keep: number) {
    this.#first = new FirstOf(keep)
  }

  /** How many there are. */
  get count(): number {
    return this.#count
  }

  /** How many of each code, in the order of the codes. */
  get byCode(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#byCode].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** The first of them. */
  get first(): readonly VerifyProblem[] {
    return this.#first.all
  }

  /** Something is wrong with an event. */
  ofEvent(event: RecordedEvent, { code, message }: HindcastError): void {
    const { partition, offset } = event
    this.#add(partition, offset, { code, message, ...eventOf(event) })
  }

  /** A partition cannot be read from a place on. */
  ofPartition(partition: number, offset: bigint, { code, message }: HindcastError): void {
    this.#add(partition, offset, { code, message, place: `${partition}:${offset}` })
  }

  /** Something is wrong that has no place in the log. */
  ofNoPlace({ code, message }: HindcastError): void {
    this.#add(-1, 0n, { code, message })
  }

  #add(partition: number, offset: bigint, problem: VerifyProblem): void {
    const { code } = problem
    this.#count++
    this.#byCode.set(code, (this.#byCode.get(code) ?? 0) + 1)
    this.#first.add(partition, offset, problem)
  }
}
