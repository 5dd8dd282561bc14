import { AsyncLocalStorage } from 'node:async_hooks'
import type { Clock } from '@hindcast/core'

const departure = new AsyncLocalStorage<Date>()

/** A clock that shows the departure of the flight being imported, so that events carry the time at which things happened. */
export const flightClock: Clock = { now: () => departure.getStore() ?? new Date() }

/** Runs some work at the time of a departure; many can run side by side, each at a time of its own. */
export function at<T>(time: Date, work: () => T): T {
  return departure.run(time, work)
}
