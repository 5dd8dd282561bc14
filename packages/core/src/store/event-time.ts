import type { Clock } from '../time/clock.js'
import { InvalidAppendError } from './errors.js'

/**
 * The time of an append's events by the clock, in milliseconds since 1970, before it is kept from running backwards.
 *
 * @throws InvalidAppendError when the clock gives no valid date: it would poison every later time of the partition.
 */
export function eventTime(clock: Clock): number {
  const time = clock.now().getTime()
  if (Number.isNaN(time)) throw new InvalidAppendError('the clock gave an invalid date')
  return time
}
