import type { Cut, CutPlace, LogSource, RecordedEvent } from '@hindcast/core'
import { CutError } from '../error/operation-errors.js'
import { endOf, nextIn, placesOf, shownCut } from './cut.js'

/**
 * The cut of a time: in each partition the longest prefix of whole appends that are older. Or a given cut, rounded down to whole
 * appends.
 *
 * @param now - nothing is known of later times
 * @throws CutError for a time in the future, for a cut beyond the end of a log, or one that lacks a partition
 */
export async function resolveCut(fed: readonly LogSource[], asked: Date | Cut, now: Date): Promise<Cut> {
  const ends = await endOf(fed)
  if (asked instanceof Date) return cutOfTime(fed, asked, now, ends)
  const missing = placesOf(fed).filter(
    place => !asked.some(({ log, partition }) => log === place.log && partition === place.partition),
  )
  if (missing.length > 0)
    throw new CutError(
      `the cut says nothing of ${missing.map(({ log, partition }) => `${log}/${partition}`).join(', ')}; it names every partition that feeds the projection`,
    )
  const beyond = ends.filter(place => nextIn(asked, place) > place.next)
  if (beyond.length > 0) throw new CutError(`the cut lies beyond the log, which ends at ${shownCut(beyond)}`)
  return Promise.all(
    ends.map(async place => ({
      ...place,
      next: await wholeAppends(sourceOf(fed, place), place, nextIn(asked, place)),
    })),
  )
}

async function cutOfTime(fed: readonly LogSource[], time: Date, now: Date, ends: Cut): Promise<Cut> {
  if (Number.isNaN(time.getTime())) throw new CutError('the time is no date')
  if (time > now) {
    const last = await lastTime(fed, ends)
    throw new CutError(
      `${time.toISOString()} is in the future; ${last === undefined ? 'the log is empty' : `the last event is of ${new Date(last).toISOString()}`}`,
    )
  }
  return Promise.all(
    ends.map(async place => ({
      ...place,
      next: await firstNotBefore(sourceOf(fed, place), place, time.getTime()),
    })),
  )
}

/** Times never run backwards within a partition, so halving finds the first event that is not older. */
async function firstNotBefore(
  source: LogSource,
  { partition, next: end }: CutPlace,
  time: number,
): Promise<bigint> {
  let [low, high] = [0n, end]
  while (low < high) {
    const middle = (low + high) / 2n
    const event = await firstFrom(source, partition, middle)
    if (event && event.offset < high && event.time < time) low = event.offset + 1n
    else high = middle
  }
  return wholeAppends(source, { partition }, low)
}

/** The place before the append that an offset splits; the offset itself where it splits none. */
async function wholeAppends(
  source: LogSource,
  { partition }: Pick<CutPlace, 'partition'>,
  next: bigint,
): Promise<bigint> {
  // An append has at most 1,000 events; its records lie side by side.
  let from = next > 2_000n ? next - 2_000n : 0n
  if (next === 0n) return 0n
  for await (const batch of source.store.readLog(partition, { from, batchEvents: 1 })) {
    if (batch.next === next) return next
    if (batch.next > next) {
      const [first] = batch.events
      return first && first.offset < next && batch.events.some(({ offset }) => offset >= next)
        ? first.offset
        : next
    }
    from = batch.next
  }
  return next
}

async function firstFrom(
  source: LogSource,
  partition: number,
  from: bigint,
): Promise<RecordedEvent | undefined> {
  for await (const { events } of source.store.readLog(partition, { from, batchEvents: 1 }))
    if (events[0]) return events[0]
  return undefined
}

async function lastTime(fed: readonly LogSource[], ends: Cut): Promise<number | undefined> {
  let last: number | undefined
  for (const place of ends) {
    const from = place.next > 1_000n ? place.next - 1_000n : 0n
    for await (const { events } of sourceOf(fed, place).store.readLog(place.partition, { from }))
      for (const { time } of events) last = Math.max(last ?? 0, time)
  }
  return last
}

function sourceOf(fed: readonly LogSource[], { log }: CutPlace): LogSource {
  return fed.find(({ store }) => store.logId === log)!
}
