import type { Random } from '../random.js'
import type { WriterSlot } from '../process/writer-slot.js'

/** How often each kind of fault came. */
export interface FaultCounts {
  readonly sigkill: number
  /** Of these, how many met a writer with an append in flight. */
  readonly sigkillInFlight: number
  readonly sigstop: number
}

const PAUSE_MS = [40, 240] as const
const FROZEN_MS = [20, 700] as const
const FREEZE_SHARE = 0.3

/** Kills and freezes writers, in an order that the seed decides. */
export class Faults {
  readonly counts = { sigkill: 0, sigkillInFlight: 0, sigstop: 0 } satisfies FaultCounts
  private readonly frozen = new Map<WriterSlot, Promise<void>>()

  constructor(
    private readonly random: Random,
    private readonly slots: readonly WriterSlot[],
  ) {}

  /** The next fault, after a pause. A frozen writer stays so while others are killed. */
  async next(): Promise<void> {
    await new Promise(resolve => setTimeout(resolve, this.random.whole(...PAUSE_MS)))
    const slot = this.random.pick(this.slots)
    const freeze = this.random.chance(FREEZE_SHARE)
    const milliseconds = this.random.whole(...FROZEN_MS)
    const seed = this.random.whole(0, 1_000_000)
    if (this.frozen.has(slot)) return
    if (freeze) this.freeze(slot, milliseconds)
    else await this.kill(slot, seed)
  }

  /** Waits until nobody is frozen. */
  async end(): Promise<void> {
    await Promise.all(this.frozen.values())
  }

  private freeze(slot: WriterSlot, milliseconds: number): void {
    this.counts.sigstop++
    this.frozen.set(
      slot,
      slot.freeze(milliseconds).finally(() => this.frozen.delete(slot)),
    )
  }

  private async kill(slot: WriterSlot, seed: number): Promise<void> {
    this.counts.sigkill++
    if (await slot.kill()) this.counts.sigkillInFlight++
    await slot.start(seed)
  }
}
