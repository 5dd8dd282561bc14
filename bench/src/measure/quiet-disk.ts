import { setTimeout as sleep } from 'node:timers/promises'
import { percentile } from './latencies.js'
import { runClients } from './run-clients.js'

const OPERATIONS = 200
const TOLERANCE = 1.2
/** A smaller difference is not the disk's. */
const NOISE_MS = 0.05
const PATIENCE_MS = 60_000
const BETWEEN_MS = 500

/** Remembers how fast the disk was when nothing had been written yet. */
export class QuietDisk {
  private constructor(
    private readonly append: (n: number) => Promise<void>,
    private readonly quietMs: number,
  ) {}

  /** @param append - the raw library's append of one value */
  static async remember(append: (n: number) => Promise<void>): Promise<QuietDisk> {
    await medianMs(append)
    return new QuietDisk(append, await medianMs(append))
  }

  /**
   * Waits, after much was written, until the disk is as fast again: gigabytes that were acknowledged long ago still keep it
   * busy for a while, the raw library's file next to them too.
   *
   * @returns how much slower it still is when patience ends after a minute; 1 when it is not
   */
  async wait(): Promise<number> {
    const deadline = performance.now() + PATIENCE_MS
    for (;;) {
      const nowMs = await medianMs(this.append)
      if (nowMs <= this.quietMs * TOLERANCE || nowMs - this.quietMs < NOISE_MS) return 1
      if (performance.now() >= deadline) return nowMs / this.quietMs
      await sleep(BETWEEN_MS)
    }
  }
}

async function medianMs(append: (n: number) => Promise<void>): Promise<number> {
  const { latencies } = await runClients(1, { operations: OPERATIONS }, append)
  return percentile(latencies, 50)
}
