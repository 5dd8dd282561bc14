import { setMaxListeners } from 'node:events'
import type { EventStore } from '../store/event-store.js'
import { merge } from './merge.js'
import { readersOf, type HistoryParts } from './parts.js'
import { readRecorded, type TailedEvent } from './tailed-event.js'

/** What to follow. */
export interface TailOptions {
  /** The checkpoint to begin at, by partition. Default: the end, what comes from now on. `'beginning'`: everything. */
  readonly from?: 'beginning' | ReadonlyMap<number, bigint>
  /** Only these partitions. Default: all. */
  readonly partitions?: readonly number[]
  /** Goes on at the end and waits for what comes. Default true. */
  readonly live?: boolean
  /** Ends it quietly. */
  readonly signal?: AbortSignal
}

/**
 * Follows the log across partitions: in order within a partition, as they arrive between them. An event that cannot be
 * decoded is handed out with the problem, and the next one follows.
 *
 * @yields every event once
 */
export async function* tailLog(parts: HistoryParts, options: TailOptions = {}): AsyncGenerator<TailedEvent> {
  const { store } = parts
  const { catalog } = readersOf(parts)
  const over = new AbortController()
  setMaxListeners(0, over.signal) // every partition listens
  const stop = (): void => over.abort()
  options.signal?.addEventListener('abort', stop, { once: true })
  if (options.signal?.aborted) stop()
  try {
    const sources = await Promise.all(
      (options.partitions ?? every(store.partitions)).map(async partition =>
        store.readLog(partition, {
          from: await startOf(store, partition, options.from),
          live: options.live ?? true,
          signal: over.signal,
        }),
      ),
    )
    for await (const { events } of merge(sources, stop))
      for (const recorded of events) yield readRecorded(recorded, catalog, store.logId)
  } finally {
    options.signal?.removeEventListener('abort', stop)
  }
}

function startOf(store: EventStore, partition: number, from: TailOptions['from']): Promise<bigint> | bigint {
  if (from === 'beginning') return 0n
  return from?.get(partition) ?? store.end(partition, { fresh: true })
}

function every(partitions: number): readonly number[] {
  return Array.from({ length: partitions }, (_, partition) => partition)
}
