import type { Cut, CutPlace, LogPlace, LogSource } from '@hindcast/core'
import type { Session } from '../driver/database.js'

const CUT = 'select log, partition, next from hindcast.checkpoints where schema = $1 order by log, partition'

/** Where a schema stands. */
export async function cutOf(session: Session, schema: string, lock: '' | ' for update' = ''): Promise<Cut> {
  const { rows } = await session.query(`${CUT}${lock}`, [schema])
  return rows.map(([log, partition, next]) => ({
    log: log!,
    partition: Number(partition),
    next: BigInt(next!),
  }))
}

/** Every partition of the logs. */
export function placesOf(sources: readonly LogSource[]): readonly LogPlace[] {
  return sources.flatMap(({ store }) =>
    Array.from({ length: store.partitions }, (_, partition) => ({ log: store.logId, partition })),
  )
}

/** The end of the logs as of now. */
export async function endOf(sources: readonly LogSource[]): Promise<Cut> {
  const partitions = sources.flatMap(({ store }) =>
    Array.from({ length: store.partitions }, async (_, partition) => ({
      log: store.logId,
      partition,
      next: await store.end(partition, { fresh: true }),
    })),
  )
  return Promise.all(partitions)
}

/** Where a cut is in a partition; the beginning where it does not say. */
export function nextIn(cut: Cut, { log, partition }: LogPlace): bigint {
  return cut.find(each => each.log === log && each.partition === partition)?.next ?? 0n
}

/** The later of two cuts in each partition of the first. */
export function atLeast(cut: Cut, other: Cut): Cut {
  return cut.map(place => later(place, nextIn(other, place)))
}

function later(place: CutPlace, next: bigint): CutPlace {
  return place.next < next ? { ...place, next } : place
}

/** How many records lie between, over all partitions of the second. */
export function distance(from: Cut, to: Cut): number {
  return to.reduce((sum, place) => sum + Math.max(0, Number(place.next - nextIn(from, place))), 0)
}

/** The partitions of `needed` in which the cut is behind. */
export function behind(cut: Cut, needed: Cut): Cut {
  return needed.filter(place => nextIn(cut, place) < place.next)
}

/** A cut for people. */
export function shownCut(cut: Cut): string {
  return cut.map(({ log, partition, next }) => `${log}/${partition}:${next}`).join(', ')
}
