import type { StreamIndex } from '@hindcast/stream-index'

/**
 * Wakes the live readers of a store: at once after a write of this process, and within the poll interval after one of
 * another process. While nobody waits, nothing runs.
 */
export class Wake {
  private readonly waiting = new Set<() => boolean>()
  private timer: NodeJS.Timeout | undefined
  private stopped = false
  private readonly ignoreWrites: () => void

  constructor(
    private readonly index: StreamIndex,
    private readonly pollMs: number,
  ) {
    this.ignoreWrites = index.onWrite(() => this.check())
  }

  /**
   * Resolves when a partition has grown beyond an offset, the signal aborts, or the store closes.
   *
   * @param end - where the reader saw the partition end
   */
  beyond(partition: number, end: number, signal?: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const ready = (): boolean => {
        if (!this.stopped && !signal?.aborted && this.index.partition(partition).next === end) return false
        this.forget(ready)
        signal?.removeEventListener('abort', ready)
        resolve()
        return true
      }
      if (ready()) return
      signal?.addEventListener('abort', ready)
      this.waiting.add(ready)
      this.timer ??= setInterval(() => {
        this.index.refresh()
        this.check()
      }, this.pollMs)
    })
  }

  /** Wakes everybody, for good. */
  stop(): void {
    this.stopped = true
    this.ignoreWrites()
    this.check()
  }

  private check(): void {
    for (const ready of this.waiting) ready()
  }

  private forget(ready: () => boolean): void {
    this.waiting.delete(ready)
    if (this.waiting.size > 0) return
    clearInterval(this.timer)
    this.timer = undefined
  }
}
