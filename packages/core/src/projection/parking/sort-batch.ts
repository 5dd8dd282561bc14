import { HindcastError } from '../../error/hindcast-error.js'
import { ParkedBehindError } from '../../read-model/errors.js'
import type { ParkedEvent, PassedEvent } from '../../read-model/parked-event.js'
import type { RecordedEvent } from '../../store/event-store.js'
import type { ParkingKeys } from './parking-keys.js'
import { isNewerThanCode, type ReadEvent } from '../source/read-event.js'

/** What was decided about an event that failed. */
export interface SetAside {
  /** Why it is not folded. */
  readonly error: unknown
  /** What becomes of it. */
  readonly outcome: 'park' | 'skip'
}

/** What is known when a batch is sorted. */
export interface Sorting {
  /** The keys that are parked before the batch. */
  readonly parkedKeys: ReadonlySet<string>
  /** The events that failed before, by offset. */
  readonly setAside: ReadonlyMap<bigint, SetAside>
  /** What an event is parked by. */
  readonly keysOf: (event: ReadEvent) => ParkingKeys
}

/** What becomes of each event of a batch. */
export interface SortedBatch {
  /** To be folded, in order. */
  readonly fold: readonly ReadEvent[]
  /** To be parked. */
  readonly park: readonly ParkedEvent[]
  /** To be left out, with a record. */
  readonly pass: readonly PassedEvent[]
  /** The keys that are parked after the batch. */
  readonly parkedKeys: ReadonlySet<string>
}

/** An event that failed, and why. */
export interface EventFailure {
  /** Its place in the partition. */
  readonly offset: bigint
  /** What was thrown. */
  readonly error: unknown
}

/**
 * Decides about the events of a batch in order: what failed before is set aside, what waits behind a parked key is parked, the
 * rest is folded. Ends at the first event that cannot be read and about which nothing is decided yet.
 */
export function sortBatch(
  events: readonly ReadEvent[],
  { parkedKeys, setAside, keysOf }: Sorting,
): SortedBatch | EventFailure {
  const fold: ReadEvent[] = []
  const park: ParkedEvent[] = []
  const pass: PassedEvent[] = []
  const blocked = new Set(parkedKeys)
  const block = (event: ParkedEvent): void => {
    park.push(event)
    for (const key of event.keys) blocked.add(key)
  }
  for (const event of events) {
    const { recorded, failure } = event
    if (failure && isNewerThanCode(failure.error)) return { offset: recorded.offset, error: failure.error }
    const decided = setAside.get(recorded.offset)
    if (!decided && !failure && blocked.size === 0) {
      fold.push(event)
      continue
    }
    const keys = keysOf(event)
    const waits = blockedBy(keys, blocked)
    if (waits.length > 0) block(parkedEvent(recorded, union(keys.own, waits), new ParkedBehindError(waits)))
    else if (decided?.outcome === 'park') block(parkedEvent(recorded, keys.own, decided.error))
    else if (decided) pass.push(skippedEvent(recorded, keys.own, decided.error))
    else if (keys.failure) return { offset: recorded.offset, error: keys.failure.error }
    else fold.push(event)
  }
  return { fold, park, pass, parkedKeys: blocked }
}

/** Which of the parked keys an event waits behind. */
function blockedBy({ own, partitionKey }: ParkingKeys, blocked: ReadonlySet<string>): readonly string[] {
  if (own.length === 0) return []
  return union(own, [partitionKey]).filter(key => blocked.has(key))
}

function parkedEvent(recorded: RecordedEvent, keys: readonly string[], error: unknown): ParkedEvent {
  const { offset, stream, version: streamVersion, type } = recorded
  return { offset, stream, streamVersion, type, keys, ...saidBy(error), parkedAt: new Date(), retries: 0 }
}

export function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])]
}

/** Code and message of whatever was thrown. */
export function saidBy(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof HindcastError) return { code: error.code, message: error.message }
  return error instanceof Error
    ? { code: error.name, message: error.message }
    : { code: 'thrown', message: String(error) }
}

function skippedEvent(recorded: RecordedEvent, keys: readonly string[], error: unknown): PassedEvent {
  const reason = 'the failure policy of the projection skips events that fail'
  return { ...parkedEvent(recorded, keys, error), why: 'skipped', reason }
}
