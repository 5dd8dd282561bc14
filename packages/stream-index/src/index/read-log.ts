import { LogIntegrityError } from '@hindcast/core'
import type { Environment } from '../environment/environment.js'
import type { LogPages } from '../file/log-file.js'
import type { StoredAppend } from '../record/stored-append.js'
import type { StoredEvent } from '../record/stored-event.js'
import { writesOf } from '../record/stored-write.js'
import type { IndexView } from './index-view.js'

/** A run of whole appends of one partition. */
export interface LogRun {
  /** In order of offset. */
  readonly events: StoredEvent[]
  /** The offset behind the run: there the next one begins. */
  readonly next: number
  /** Where the partition ends. */
  readonly end: number
}

/** In a log, offset 0 of each partition is its genesis. */
const FIRST_OFFSET = 1
/** So many bytes make a run full, however few its events are. */
const RUN_BYTES = 1_048_576
/** From so many events on a run is read from the file; the way to its beginning costs what it saves in so many. */
const LONG_RUN = 64

/** What to read of a log. */
export interface LogReading {
  readonly partition: number
  readonly from: number
  /** The most events, unless a single append has more. */
  readonly maxEvents: number
}

/**
 * Reads whole appends of a partition from an offset on, until there are enough events, or the end is reached.
 *
 * @throws LogIntegrityError when an append is damaged or missing.
 */
export function readLogRun(environment: Environment, view: IndexView, reading: LogReading): LogRun {
  const { partition, from, maxEvents } = reading
  const { next: end } = view.partition(partition)
  if (Math.min(maxEvents, end - from) < LONG_RUN) return readRun(environment, view, reading, end)
  return environment.holding(() =>
    readRun(environment, view, reading, end, environment.logFile.readFrom(partition, from)),
  )
}

/** What the file does not give, LMDB does, or says why it cannot. */
function readRun(
  environment: Environment,
  view: IndexView,
  reading: LogReading,
  end: number,
  pages?: LogPages,
): LogRun {
  const { partition, from, maxEvents } = reading
  const events: StoredEvent[] = []
  let bytes = 0
  let next = from
  while (next < end && events.length < maxEvents && bytes < RUN_BYTES) {
    const append =
      pages?.take(next) ?? view.findAppend(partition, next) ?? nearest(environment, view, partition, next)
    refuseGap(reading, append, next, end)
    if (!append) {
      next = end
      break
    }
    if (events.length > 0 && events.length + append.events > maxEvents) break
    collect(append, from, events)
    bytes += append.length
    next = append.offset + append.events
  }
  return { events, next, end }
}

/** Only in front of the first append there are no events. */
function refuseGap(
  { partition, from }: LogReading,
  append: StoredAppend | undefined,
  next: number,
  end: number,
): void {
  const first = append?.offset ?? end
  if (first <= next || (next === from && next <= FIRST_OFFSET && first === FIRST_OFFSET)) return
  throw new LogIntegrityError(
    `partition ${partition} has no event at offset ${next}, the next one is at ${first}: appends are missing. Restore the folder from a backup`,
    { partition, offset: next, found: first },
  )
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
