import type { CheckpointKey } from '@hindcast/core'

/** Wakes whoever waits for a checkpoint of this process to move. */
export class Movement {
  readonly #waiting = new Map<string, Set<() => void>>()

  /** A checkpoint has moved. */
  ring(at: string): void {
    for (const wake of this.#waiting.get(at) ?? []) wake()
  }

  /** Resolves at the next ring for the checkpoint, after the time, or when the signal aborts. */
  next(at: string, ms: number, signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const waiting = this.#waiting.get(at) ?? new Set()
      this.#waiting.set(at, waiting)
      const wake = (): void => {
        waiting.delete(wake)
        if (waiting.size === 0) this.#waiting.delete(at)
        clearTimeout(timer)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      const timer = setTimeout(wake, ms)
      waiting.add(wake)
      signal.addEventListener('abort', wake)
    })
  }
}

/** A checkpoint's name in notifications. */
export function placeName({ projection, version, log, partition }: CheckpointKey): string {
  return `${projection}_v${version}/${log}/${partition}`
}
