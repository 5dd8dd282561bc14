import type { CheckpointKey } from '@hindcast/core'

/** Somebody who waits for a checkpoint to be beyond an offset. */
interface Waiting {
  readonly beyond: bigint
  readonly wake: () => void
}

/** Wakes whoever waits for a checkpoint of this process to move. */
export class Movement {
  readonly #waiting = new Map<string, Set<Waiting>>()

  /** A checkpoint has moved to an offset. */
  ring(at: string, next: bigint): void {
    for (const { beyond, wake } of this.#waiting.get(at) ?? []) if (next > beyond) wake()
  }

  /** Whether the checkpoint was heard to be beyond the offset before the time was over or the signal aborted. */
  beyond(at: string, beyond: bigint, ms: number, signal: AbortSignal): Promise<boolean> {
    return new Promise(resolve => {
      const waiting = this.#waiting.get(at) ?? new Set()
      this.#waiting.set(at, waiting)
      const end = (heard: boolean): void => {
        waiting.delete(me)
        if (waiting.size === 0) this.#waiting.delete(at)
        clearTimeout(timer)
        signal.removeEventListener('abort', giveUp)
        resolve(heard)
      }
      const giveUp = (): void => end(false)
      const me: Waiting = { beyond, wake: () => end(true) }
      const timer = setTimeout(giveUp, ms)
      waiting.add(me)
      signal.addEventListener('abort', giveUp)
    })
  }
}

/** A checkpoint's name in notifications. */
export function placeName({ projection, version, log, partition }: CheckpointKey): string {
  return `${projection}_v${version}/${log}/${partition}`
}
