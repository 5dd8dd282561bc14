import type { Cut, LogPlace } from '@hindcast/core'
import { CutTextError } from './errors.js'

const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?$/
const PLACE = /^(?:([\w-]+)\/)?(\d+):(\d+)$/

/** A cut as text: partition, colon, next offset, joined by commas; the log in front, with a slash, where there are several. */
export function cutText(cut: Cut): string {
  const several = new Set(cut.map(({ log }) => log)).size > 1
  return cut.map(({ log, partition, next }) => `${several ? `${log}/` : ''}${partition}:${next}`).join(',')
}

/**
 * A time, or a cut as {@link cutText} gives it.
 *
 * @param places - the partitions that there are: a place without a log is one of the only log
 * @throws CutTextError
 */
export function timeOrCut(text: string, places: readonly LogPlace[]): Date | Cut {
  if (TIME.test(text) && !Number.isNaN(Date.parse(text))) return new Date(text)
  return text.split(',').map(each => {
    const [, log, partition, next] = PLACE.exec(each.trim()) ?? []
    if (partition === undefined)
      throw new CutTextError(text, `"${each}" is neither a time nor partition:offset`)
    const found = places.filter(
      place => place.partition === Number(partition) && (log === undefined || place.log === log),
    )
    if (found.length > 1) throw new CutTextError(text, `there are several logs; write <log>/${each}`)
    if (!found[0])
      throw new CutTextError(text, `no log that feeds the projection has the partition of "${each}"`)
    return { log: found[0].log, partition: found[0].partition, next: BigInt(next!) }
  })
}
