import { setTimeout as sleep } from 'node:timers/promises'
import type { Pace } from '@hindcast/core'

/** Lets so many events a second pass, ten batches a second at most for each worker. */
export class SteadyPace implements Pace {
  readonly batchEvents: number
  readonly #perSecond: number
  /** When the next event may pass. */
  #free = performance.now()

  constructor(perSecond: number) {
    this.#perSecond = perSecond
    this.batchEvents = Math.max(1, Math.min(1_000, Math.floor(perSecond / 10)))
  }

  async take(events: number, signal: AbortSignal): Promise<void> {
    const now = performance.now()
    const turn = Math.max(now, this.#free)
    this.#free = turn + (events / this.#perSecond) * 1_000
    if (turn > now) await sleep(turn - now, undefined, { signal }).catch(() => undefined)
  }
}
