/** The times that operations took, in milliseconds. */
export class Latencies {
  #values: Float64Array
  #count = 0

  constructor(expected = 4096) {
    this.#values = new Float64Array(expected)
  }

  get count(): number {
    return this.#count
  }

  add(ms: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(this.#count * 2)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#count++] = ms
  }

  /** The values so far. Not a copy. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.#count)
  }

  /** Every time, from the shortest to the longest. */
  sorted(): Float64Array {
    return this.values.toSorted()
  }
}

/** The time within which this share of the operations was done: the nearest rank, a value that did occur. */
export function percentile(sorted: Float64Array, percent: number): number {
  const rank = Math.ceil((percent / 100) * sorted.length)
  return sorted[Math.max(0, rank - 1)] ?? Number.NaN
}

/** The value in the middle; between the two in the middle of an even number. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
