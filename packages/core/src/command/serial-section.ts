/** Lets one caller in at a time, in the order of their coming; free of promises while nobody waits. */
export class SerialSection {
  #busy = false
  readonly #waiting: (() => void)[] = []

  /** Enters at once and returns undefined, or returns a promise of the turn. Every entry ends with {@link leave}. */
  enter(): Promise<void> | undefined {
    if (!this.#busy) {
      this.#busy = true
      return undefined
    }
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  leave(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#busy = false
  }

  get idle(): boolean {
    return !this.#busy
  }
}
