import type { Environment } from '../environment/environment.js'
import { checkAppend } from '../record/check-append.js'
import type { StoredAppend } from '../record/stored-append.js'
import type { StoredEvent } from '../record/stored-event.js'
import { writesOf } from '../record/stored-write.js'
import type { IndexView } from './index-view.js'

/** A run of whole appends of one partition. */
export interface LogRun {
  /** In order of offset; their checksums were checked. */
  readonly events: StoredEvent[]
  /** The offset behind the run: there the next one begins. */
  readonly next: number
  /** Where the partition ends. */
  readonly end: number
}

/** So many bytes make a run full, however few its events are. */
const RUN_BYTES = 1_048_576

/**
 * Reads whole appends of a partition from an offset on, until there are `maxEvents` events or more, or the end is reached.
 *
 * @throws LogIntegrityError when an append is damaged.
 */
export function readLogRun(
  environment: Environment,
  view: IndexView,
  partition: number,
  from: number,
  maxEvents: number,
): LogRun {
  const { next: end } = view.partition(partition)
  const events: StoredEvent[] = []
  let bytes = 0
  let next = from
  while (next < end && bytes < RUN_BYTES) {
    const append = view.findAppend(partition, next) ?? nearest(environment, view, partition, next)
    if (!append) {
      next = end
      break
    }
    if (events.length > 0 && events.length + append.events > maxEvents) break
    checkAppend(append.raw, partition, append.offset)
    collect(append, from, events)
    bytes += append.raw.length
    next = append.offset + append.events
  }
  return { events, next, end }
}

/** The append that an offset lies within, or else the first one behind it: there are offsets without events. */
function nearest(
  environment: Environment,
  view: IndexView,
  partition: number,
  offset: number,
): StoredAppend | undefined {
  const below = environment.log.floor({ partition, offset })
  if (below?.partition === partition) {
    const append = view.append(partition, below.offset)
    if (append.offset + append.events > offset) return append
  }
  const above = environment.log.ceiling({ partition, offset })
  return above?.partition === partition ? view.append(partition, above.offset) : undefined
}

function collect(append: StoredAppend, from: number, events: StoredEvent[]): void {
  for (const write of writesOf(append)) {
    const first = write.firstVersion
    const skipped = Math.max(0, from - write.offset)
    write.collect(events, write.stream, first + skipped, Infinity)
  }
}
