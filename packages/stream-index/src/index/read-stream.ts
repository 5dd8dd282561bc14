import type { Environment } from '../environment/environment.js'
import { isPageOf } from '../key/page-key.js'
import type { StoredAppend } from '../record/stored-append.js'
import type { StoredEvent } from '../record/stored-event.js'
import { writeTo } from '../record/stored-write.js'
import { LogIntegrityError } from '@hindcast/core'
import type { IndexView } from './index-view.js'
import type { StreamHead } from './stream-head.js'

/** Events of one stream, in order of version. */
export interface StreamRun {
  /** The events. */
  readonly events: StoredEvent[]
  /** The first version of the run: below it lies the next run backwards. */
  readonly first: number
  /** The version behind the run: there the next run forwards begins. */
  readonly next: number
}

/**
 * The events around a version of a stream that are cheap to read together: a page of it, or what is in no page yet (fewer
 * than 64 appends).
 *
 * @param version - not above the head's
 */
export function readRun(
  environment: Environment,
  view: IndexView,
  stream: string,
  head: StreamHead,
  version: number,
): StreamRun {
  if (version >= head.unpagedFrom)
    return run(stream, unpagedAppends(view, stream, head, version), head.unpagedFrom, head.version)
  const first = firstVersionOfPage(environment, stream, version)
  return run(stream, view.page(stream, first, head.partition), first, head.unpagedFrom - 1)
}

function run(stream: string, appends: readonly StoredAppend[], lowest: number, highest: number): StreamRun {
  const events: StoredEvent[] = []
  for (const append of appends) writeTo(append, stream)?.collect(events, stream, lowest, highest)
  const first = events[0]
  const last = events[events.length - 1]
  if (!first || !last) throw missingEvents(stream, lowest)
  return { events, first: first.version, next: last.version + 1 }
}

/** Goes back from the last append, by the links between a stream's appends, until `lowest` is in. */
function unpagedAppends(view: IndexView, stream: string, head: StreamHead, lowest: number): StoredAppend[] {
  const appends: StoredAppend[] = []
  let offset = head.lastAppend
  for (;;) {
    const append = view.append(head.partition, offset)
    const write = writeTo(append, stream)
    if (!write) throw missingEvents(stream, lowest)
    appends.push(append)
    if (write.firstVersion <= lowest) return appends.toReversed()
    offset = write.before
  }
}

function firstVersionOfPage(environment: Environment, stream: string, version: number): number {
  if (version === 0) return 0
  const key = environment.pages.floor({ stream, firstVersion: version })
  if (!key || !isPageOf(key, stream)) throw missingEvents(stream, version)
  return key.firstVersion
}

function missingEvents(stream: string, version: number): LogIntegrityError {
  return new LogIntegrityError(
    `the events of stream "${stream}" around version ${version} are missing. Restore the folder from a backup`,
    { stream, version },
  )
}
