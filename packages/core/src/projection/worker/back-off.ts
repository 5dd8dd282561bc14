import { setTimeout as sleep } from 'node:timers/promises'

/** Waits longer each time, with a random share, so that two that got into each other's way part. */
export class BackOff {
  readonly #firstMs: number
  readonly #longestMs: number
  #nextMs: number

  /** Default: 100 ms at first, doubling to 5,000 ms. */
  constructor(firstMs = 100, longestMs = 5_000) {
    this.#firstMs = this.#nextMs = firstMs
    this.#longestMs = longestMs
  }

  /** Something went well: the next wait is short again. */
  reset(): void {
    this.#nextMs = this.#firstMs
  }

  /** Waits; an aborted signal ends it at once and quietly. */
  async wait(signal: AbortSignal): Promise<void> {
    const ms = this.#nextMs * (0.5 + Math.random() / 2)
    this.#nextMs = Math.min(this.#nextMs * 2, this.#longestMs)
    await sleep(ms, undefined, { signal }).catch(() => undefined)
  }
}
