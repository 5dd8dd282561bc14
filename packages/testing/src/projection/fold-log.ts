import {
  FoldTarget,
  MemoryReadModelStore,
  type ReadModelStore,
  type RowProjectionDefinition,
} from '@hindcast/core'
import { LOG_ID } from './given-event.js'
import type { Batch } from './schedule.js'

/** What else happens while a log is folded. */
export type Mishap = 'none' | 'crash after every fold' | 'every batch twice'

class Crash extends Error {}

/** Folds batches into rows in memory, and gives all rows by their key. */
export async function foldLog(
  projection: RowProjectionDefinition,
  batches: readonly Batch[],
  mishap: Mishap,
): Promise<ReadonlyMap<string, object>> {
  const store = new MemoryReadModelStore()
  await store.prepare(projection, [LOG_ID])
  const target = new FoldTarget(projection, [{}], store)
  const crashing = new FoldTarget(projection, [{}], crashingStore(store))
  const at = { projection: projection.name, version: projection.version, log: LOG_ID }
  for (const { partition, next, events } of batches) {
    const decoded = events.flatMap(event => event.decoded)
    const { epoch, next: from } = await store.claim({ ...at, partition })
    const fence = { ...at, partition, from, epoch, next }
    if (mishap === 'crash after every fold')
      await crashing.apply(fence, [decoded]).catch((error: unknown) => {
        if (!(error instanceof Crash)) throw error
      })
    await target.apply(fence, [decoded])
    if (mishap === 'every batch twice') await target.apply(fence, [decoded])
  }
  const { rows } = await store.read(
    { projection: projection.name, version: projection.version },
    { kind: 'all' },
  )
  const { key } = projection.row
  return new Map(rows.map(row => [String((row as Record<string, unknown>)[key.name]), row]))
}

/** The store as a process sees it that dies before each commit. */
function crashingStore(store: MemoryReadModelStore): Pick<ReadModelStore, 'transact' | 'load'> {
  return {
    load: (projection, keys) => store.load(projection, keys),
    transact: (fence, work) =>
      store.transact(fence, async tx => {
        await work(tx)
        throw new Crash()
      }),
  }
}
