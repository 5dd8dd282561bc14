import type { LogBatch, RecordedEvent } from '../../store/event-store.js'

/** So many batches, of a megabyte or so each, are merged at most: that many bytes are held, however large the events are. */
const MOST_BATCHES = 16
/** All readers of a process that are far behind hold so many events together … */
const HELD_EVENTS = 40_000
/** … but each of them so many, however many they are. */
const FEWEST_EVENTS = 1_000
/** What has been read waits no longer than this for more. */
const LONGEST_MS = 250

/** The readers of this process that are far behind: its memory stays flat however many there are. */
const behind = new Set<object>()

/**
 * Makes large batches of small ones as long as the end of the log is far: a transaction of 10,000 events costs hardly more
 * than one of 1,000. At the end of the log each batch goes on as it comes.
 *
 * While a batch is in the consumer's hands, the next one is read already, unless the end was reached: then what comes
 * meanwhile is read together, when it is asked for.
 *
 * @param mostEvents - no batch is added to so many events, nor beyond the share of this reader in what the process may hold
 * @yields batches of whole appends, in order, each beginning where the one before ends
 */
export async function* mergeBatches(
  batches: AsyncIterable<LogBatch>,
  mostEvents: number,
): AsyncGenerator<LogBatch, void, void> {
  const iterator = batches[Symbol.asyncIterator]()
  const isFull = (events: number): boolean =>
    events > Math.min(mostEvents, Math.max(FEWEST_EVENTS, HELD_EVENTS / behind.size))
  let reading: Promise<IteratorResult<LogBatch>> | undefined
  const read = (): Promise<IteratorResult<LogBatch>> => {
    const next = iterator.next()
    next.catch(() => undefined) // it is thrown where it is awaited, which may be later
    return next
  }
  try {
    for (;;) {
      const first = await (reading ?? read())
      if (first.done) return
      const since = performance.now()
      const parts = [first.value]
      let last = first.value
      let count = last.events.length
      if (isAtEnd(last)) behind.delete(iterator)
      else behind.add(iterator)
      reading = isAtEnd(last) ? undefined : read()
      while (reading && !isFull(count + 1) && parts.length < MOST_BATCHES) {
        const more: IteratorResult<LogBatch> | undefined = await reading.catch(() => undefined)
        if (!more || more.done || isFull(count + more.value.events.length)) break
        parts.push((last = more.value))
        count += last.events.length
        reading = isAtEnd(last) ? undefined : read()
        if (performance.now() - since > LONGEST_MS) break
      }
      yield { ...last, events: eventsOf(parts) }
    }
  } finally {
    behind.delete(iterator)
    await iterator.return?.()
  }
}

function isAtEnd({ next, end }: LogBatch): boolean {
  return next === end
}

function eventsOf(parts: readonly LogBatch[]): readonly RecordedEvent[] {
  return parts.length === 1 ? parts[0]!.events : parts.flatMap(part => part.events)
}
