/** Wakes whoever waits for something to happen. */
export class Bell {
  readonly #waiting = new Set<() => void>()

  /** Wakes everyone who waits now. */
  ring(): void {
    for (const wake of [...this.#waiting]) wake()
  }

  /** Resolves at the next ring of any of the bells, or when the signal aborts. The signal must not be aborted yet. */
  static next(bells: readonly Bell[], signal?: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const wake = (): void => {
        for (const bell of bells) bell.#waiting.delete(wake)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      for (const bell of bells) bell.#waiting.add(wake)
      signal?.addEventListener('abort', wake)
    })
  }
}
