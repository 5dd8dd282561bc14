import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../../random.js'

/** Faults that come one after the other, beside those of other lanes. */
export interface Lane {
  readonly pauseMs: readonly [number, number]
  /** Each makes one fault come; one whose time has not come does nothing. */
  readonly kinds: readonly (() => Promise<void>)[]
}

/** Makes the faults of a lane come, all in each round, in an order that the seed decides, until it is enough. */
export async function runLane(lane: Lane, random: Random, isEnough: () => boolean): Promise<void> {
  while (!isEnough())
    for (const fault of shuffled(lane.kinds, random)) {
      await pause(random.whole(...lane.pauseMs))
      if (isEnough()) return
      await fault()
    }
}

function shuffled<T>(values: readonly T[], random: Random): T[] {
  const left = [...values]
  return values.map(() => left.splice(random.whole(0, left.length - 1), 1)[0]!)
}
