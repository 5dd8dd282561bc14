import { setTimeout as pause } from 'node:timers/promises'

const TRIES = 60
const PAUSE_MS = 500

/** Does something that may fail while brokers are away. @returns false when it never worked */
export async function untilDone(work: () => Promise<unknown>): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries++) {
    const done = await work().then(
      () => true,
      () => false,
    )
    if (done) return true
    await pause(PAUSE_MS)
  }
  return false
}
