import { setImmediate as othersTurn } from 'node:timers/promises'
import { HindcastError, type EventStore, type LogBatch } from '@hindcast/core'
import type { EventChecks } from './event-checks.js'
import type { Problems } from './problems.js'
import type { ReadModelChecks } from './read-models.js'
import type { Skips } from './skips.js'
import type { Telling } from './telling.js'

/** So many partitions are read side by side; each holds a batch. */
const SIDE_BY_SIDE = 8

/** What becomes of what is read. */
export interface Reading {
  readonly checks: EventChecks
  readonly problems: Problems
  readonly telling: Telling
  readonly skips: Skips
  readonly readModels: ReadModelChecks | undefined
  readonly signal: AbortSignal | undefined
}

/** Reads all partitions up to these ends, some side by side. False when the signal ended it. */
export async function readToEnds(
  store: EventStore,
  ends: readonly bigint[],
  reading: Reading,
): Promise<boolean> {
  const failed = new AbortController()
  const { signal } = reading
  const stop = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < ends.length && !stop.aborted) {
      const partition = next++
      await readPartition(store, partition, ends[partition]!, { ...reading, signal: stop })
    }
  }
  const lanes = Array.from({ length: Math.min(SIDE_BY_SIDE, ends.length) }, () =>
    lane().catch((error: unknown) => {
      failed.abort(error)
      throw error
    }),
  )
  const ended = await Promise.allSettled(lanes)
  for (const each of ended) if (each.status === 'rejected') throw each.reason
  return signal?.aborted !== true
}

async function readPartition(
  store: EventStore,
  partition: number,
  end: bigint,
  { checks, problems, telling, skips, signal, readModels }: Reading,
): Promise<void> {
  const batches = store.readLog(partition, { from: 0n, signal: signal! })[Symbol.asyncIterator]()
  let next = 0n
  try {
    while (next < end && !signal!.aborted) {
      const batch = await nextOf(batches, error => problems.ofPartition(partition, next, error))
      if (!batch) return
      skips.add(batch, end)
      for (const event of batch.events) {
        if (event.offset >= end) break
        const waits = checks.check(event)
        if (waits) await waits
        telling.events++
      }
      telling.passed(batch.next < end ? batch.next - next : end - next)
      next = batch.next
      // Signals and others of this process have their turn.
      await othersTurn()
    }
  } finally {
    readModels?.read(partition, next < end ? next : end)
    await batches.return?.()
  }
}

/** The next batch; undefined at the end, and behind a place where the log cannot be read, which is told. */
async function nextOf(
  batches: AsyncIterator<LogBatch>,
  damaged: (error: HindcastError) => void,
): Promise<LogBatch | undefined> {
  try {
    const { done, value } = await batches.next()
    return done === true ? undefined : value
  } catch (error) {
    // Waiting or opening the store again would not help against what is left.
    if (!(error instanceof HindcastError) || error.retryable || error.code === 'HC_STORE_CLOSED') throw error
    damaged(error)
    return undefined
  }
}
