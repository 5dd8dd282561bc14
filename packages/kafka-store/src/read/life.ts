import { setMaxListeners } from 'node:events'
import { StoreClosedError } from '@hindcast/core'

/** The life of a store: everything that waits ends when it ends. */
export class Life {
  private readonly controller = new AbortController()

  constructor() {
    // Every partition and every live reader listens.
    setMaxListeners(0, this.controller.signal)
  }

  /** Aborted when the store has closed. */
  get signal(): AbortSignal {
    return this.controller.signal
  }

  get isOver(): boolean {
    return this.controller.signal.aborted
  }

  end(): void {
    this.controller.abort()
  }

  /** @throws StoreClosedError when it is over */
  check(operation: string): void {
    if (this.isOver) throw new StoreClosedError(operation)
  }

  /** Waits, or less when the life ends. */
  async pause(ms: number): Promise<void> {
    const { signal } = this
    if (signal.aborted) return
    await new Promise<void>(resolve => {
      const done = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      signal.addEventListener('abort', done)
    })
  }
}
