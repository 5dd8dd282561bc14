interface Placed<T> {
  readonly partition: number
  readonly offset: bigint
  readonly value: T
}

/** Keeps the first of many in the order of the log, whichever partition is read faster. */
export class FirstOf<T> {
  readonly #first: Placed<T>[] = []

  /** @param keep - how many are kept */
  constructor(private readonly keep: number) {}

  /** Those that were first. */
  get all(): readonly T[] {
    return this.#first.map(({ value }) => value)
  }

  /** One more. */
  add(partition: number, offset: bigint, value: T): void {
    const placed = { partition, offset, value }
    const behind = this.#first.findLastIndex(each => !isBefore(placed, each)) + 1
    if (behind >= this.keep) return
    this.#first.splice(behind, 0, placed)
    if (this.#first.length > this.keep) this.#first.pop()
  }
}

function isBefore(a: Placed<unknown>, b: Placed<unknown>): boolean {
  return a.partition === b.partition ? a.offset < b.offset : a.partition < b.partition
}
