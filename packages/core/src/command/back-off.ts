import { setTimeout as sleep } from 'node:timers/promises'

const FREE_RETRIES = 2
const MAX_MS = 16

/**
 * Waits after a lost race, at random and longer the more were lost in a row, so that writers do not keep colliding. The
 * commands behind wait with it, and then decide in one go.
 *
 * @param lostBefore - how many races were lost in a row before this one
 * @internal
 */
export async function backOff(lostBefore: number): Promise<void> {
  if (lostBefore >= FREE_RETRIES)
    await sleep(Math.random() * Math.min(MAX_MS, 2 ** (lostBefore - FREE_RETRIES)))
}
