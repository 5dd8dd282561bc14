const WINDOW_MS = 10_000
const SLOTS = 10
const SLOT_MS = WINDOW_MS / SLOTS

/** How many of something happen a second, over the last ten seconds. */
export class MovingRate {
  readonly #now: () => number
  readonly #startedAt: number
  readonly #counts = new Map<number, number>()

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
    this.#startedAt = now()
  }

  /** So many have just happened. */
  add(count: number): void {
    const slot = Math.floor(this.#now() / SLOT_MS)
    this.#counts.set(slot, (this.#counts.get(slot) ?? 0) + count)
    for (const old of this.#counts.keys()) if (old <= slot - SLOTS) this.#counts.delete(old)
  }

  /** How many happened a second. */
  get perSecond(): number {
    const now = this.#now()
    const first = now / SLOT_MS - SLOTS
    let sum = 0
    for (const [slot, count] of this.#counts) if (slot >= first) sum += count
    const ms = Math.min(WINDOW_MS, Math.max(1_000, now - this.#startedAt))
    return Math.round((sum * 10_000) / ms) / 10
  }
}
