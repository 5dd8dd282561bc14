import type { Life } from './life.js'

/** Wakes those who wait for something to become true. */
export class Wake {
  private readonly waiting = new Set<() => void>()

  constructor(private readonly life: Life) {
    life.signal.addEventListener('abort', () => this.check())
  }

  /** Lets everybody look again. */
  check(): void {
    for (const look of [...this.waiting]) look()
  }

  /** Resolves when it is true, the signal aborts, or the store closes. */
  until(isTrue: () => boolean, signal?: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const look = (): void => {
        if (!this.life.isOver && !signal?.aborted && !isTrue()) return
        this.waiting.delete(look)
        signal?.removeEventListener('abort', look)
        resolve()
      }
      this.waiting.add(look)
      signal?.addEventListener('abort', look)
      look()
    })
  }
}
