import type { Life } from '../read/life.js'

const FIRST_PAUSE_MS = 20
const LONGEST_PAUSE_MS = 500

/** Pauses between tries that grow until something works again. */
export class BackOff {
  private next = FIRST_PAUSE_MS

  constructor(private readonly life: Life) {}

  /** Waits, longer than the last time; or less when the store's life ends. */
  async pause(): Promise<void> {
    const ms = this.next
    this.next = Math.min(ms * 2, LONGEST_PAUSE_MS)
    await this.life.pause(ms)
  }

  /** Something worked: the next pause is short. */
  reset(): void {
    this.next = FIRST_PAUSE_MS
  }
}
