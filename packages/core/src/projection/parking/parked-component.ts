import type { ParkedEvent } from '../../read-model/parked-event.js'

/**
 * The parked events that a request is about: those of the keys, and all that hang together with them by shared keys, since an
 * event can only be folded when nothing parked of any of its keys lies before it.
 *
 * @param parked - in order of the log
 * @param keys - empty: all
 */
export function hangingTogether(
  parked: readonly ParkedEvent[],
  keys: readonly string[],
): readonly ParkedEvent[] {
  if (keys.length === 0) return parked
  const reached = new Set(keys)
  for (;;) {
    const known = reached.size
    const found = parked.filter(event => event.keys.some(key => reached.has(key)))
    for (const event of found) for (const key of event.keys) reached.add(key)
    if (reached.size === known) return found
  }
}

/** The first parked event of each key: what the key is parked by. */
export function firstOfEach(parked: readonly ParkedEvent[], keys: readonly string[]): readonly ParkedEvent[] {
  const first = new Map<string, ParkedEvent>()
  for (const event of parked) for (const key of event.keys) if (!first.has(key)) first.set(key, event)
  const found = keys.length > 0 ? keys.flatMap(key => first.get(key) ?? []) : first.values()
  return [...new Set(found)]
}

/** The keys of parked events. */
export function keysOfAll(parked: Iterable<ParkedEvent>): Set<string> {
  const keys = new Set<string>()
  for (const event of parked) for (const key of event.keys) keys.add(key)
  return keys
}
