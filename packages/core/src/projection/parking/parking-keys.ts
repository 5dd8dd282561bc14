import type { RecordedEvent } from '../../store/event-store.js'
import type { Folding } from '../fold/folding.js'
import type { ReadEvent } from '../source/read-event.js'

/** What an event is parked by, and what it waits behind. */
export interface ParkingKeys {
  /** What is parked with it. Empty: it changes nothing. */
  readonly own: readonly string[]
  /** The partition key of its stream: it waits behind that too, because an event that cannot be read is parked by it. */
  readonly partitionKey: string
  /** Why its fold keys cannot be found; undefined when they can. */
  readonly failure?: { readonly error: unknown }
}

/**
 * Finds what an event is parked by: its fold keys; the partition key of its stream for SQL, and for an event whose fold keys
 * cannot be found. The latter is parked by the key of its stream as well where rows are folded by that.
 */
export function parkingKeys(
  folding: Folding,
  partitionKeyOf: (stream: string) => string,
  { recorded, decoded, failure }: ReadEvent,
): ParkingKeys {
  const partitionKey = partitionKeyOf(recorded.stream)
  const unknown = (because: { readonly error: unknown }): ParkingKeys => {
    const own = folding.foldsByStreamKey ? [partitionKey, streamKey(recorded)] : [partitionKey]
    return { own, partitionKey, failure: because }
  }
  if (failure) return unknown(failure)
  try {
    const own = new Set<string>()
    for (const event of decoded)
      if (folding.concerns(event.event))
        for (const key of folding.keysOf(event) ?? [partitionKey]) own.add(key)
    return { own: [...own], partitionKey }
  } catch (error) {
    return unknown({ error })
  }
}

function streamKey({ stream }: RecordedEvent): string {
  return stream.slice(stream.indexOf('-') + 1)
}
