import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import {
  Column,
  Delete,
  Event,
  Key,
  MemoryReadModelStore,
  Projection,
  projectionInfo,
  RowProjection,
  type CheckpointKey,
  type ReadModelStore,
  type ReadModelTx,
  type Row,
} from '../../src/index.js'

class Gone extends Event('item.gone') {}
class ItemRow {
  @Key() @Column('integer') id!: number
  @Column('bigint') count!: bigint
  @Column('jsonb') tags!: string[]
}
@Projection('items', { version: 2, row: ItemRow })
class Items extends RowProjection<ItemRow> {
  @Delete(Gone) gone() {}
}

const items = { projection: 'items', version: 2 }
const place = (partition: number): CheckpointKey => ({ ...items, log: 'log', partition })
const row = (id: number, count = 0n): Row => ({ id, count, tags: ['new'] })

async function open(): Promise<MemoryReadModelStore> {
  const store = new MemoryReadModelStore()
  await store.prepare(projectionInfo(Items), ['log'])
  return store
}

/** One transaction behind everything committed so far. */
async function commit(
  store: ReadModelStore,
  partition: number,
  work: (tx: ReadModelTx) => Promise<void>,
): Promise<void> {
  const { next, epoch } = await store.claim(place(partition))
  const fence = { ...place(partition), from: next, epoch, next: next + 1n }
  expect(await store.transact(fence, work)).toBe('committed')
}

const save = (...rows: readonly Row[]) => ({
  upserts: new Map(rows.map(each => [String(each['id'] as number), each])),
  deletes: [],
})

describe('read models in memory', () => {
  it('give all rows in the order of their keys, and each as an object of the row class', async () => {
    const store = await open()
    await commit(store, 0, tx => tx.save(save(row(10), row(9), row(-1))))
    const { rows } = await store.read(items, { kind: 'all' })
    expect(rows.map(each => (each as ItemRow).id)).toEqual([-1, 9, 10])
    expect(rows[0]).toBeInstanceOf(ItemRow)
  })

  it('give readers rows of their own', async () => {
    const store = await open()
    await commit(store, 0, tx => tx.save(save(row(1))))
    const query = { kind: 'key', key: '1' } as const
    const [first] = (await store.read(items, query)).rows as ItemRow[]
    first!.tags.push('mine')
    first!.count = 5n
    expect((await store.read(items, query)).rows).toEqual([row(1)])
  })

  it('show a transaction what it saved itself, and others nothing before the commit', async () => {
    const store = await open()
    await commit(store, 0, tx => tx.save(save(row(1), row(2))))
    await commit(store, 0, async tx => {
      await tx.load(['1', '2', '3'], { shared: true })
      await tx.save({ ...save(row(1, 7n), row(3)), deletes: ['2'] })
      const loaded = await tx.load(['1', '2', '3'], { shared: true })
      expect([...loaded.keys()]).toEqual(['1', '3'])
      expect(loaded.get('1')).toMatchObject({ count: 7n })
      expect((await store.read(items, { kind: 'all' })).rows).toEqual([row(1), row(2)])
    })
    expect((await store.read(items, { kind: 'all' })).rows).toEqual([row(1, 7n), row(3)])
  })

  it('lose no change when workers of several partitions change one row at the same time', async () => {
    const store = await open()
    const worker = async (partition: number): Promise<void> => {
      for (let i = 0; i < 50; i++)
        await commit(store, partition, async tx => {
          const before = (await tx.load(['1'], { shared: true })).get('1')
          await setImmediate()
          await tx.save(save(row(1, ((before?.['count'] as bigint | undefined) ?? 0n) + 1n)))
        })
    }
    await Promise.all([worker(0), worker(1), worker(2), worker(3)])
    expect((await store.read(items, { kind: 'key', key: '1' })).rows).toEqual([row(1, 200n)])
  })

  it('say with the rows how far the partition had come, in one snapshot', async () => {
    const store = await open()
    const read = () => store.read(items, { kind: 'all' }, { log: 'log', partition: 3, offset: 0n })
    expect(await read()).toEqual({ rows: [], reached: 0n })
    const committing = commit(store, 3, async tx => {
      await setImmediate()
      await tx.save(save(row(1)))
    })
    let snapshot = await read()
    while (snapshot.reached === 0n) {
      expect(snapshot.rows).toEqual([])
      await setImmediate()
      snapshot = await read()
    }
    expect(snapshot).toEqual({ rows: [row(1)], reached: 1n })
    await committing
  })

  it('wake who waits for a checkpoint when it has moved beyond, or when the waiting is called off', async () => {
    const store = await open()
    const patience = new AbortController()
    const woken: string[] = []
    const first = store.moved(place(0), 0n, patience.signal).then(() => woken.push('first'))
    const second = store.moved(place(0), 1n, patience.signal).then(() => woken.push('second'))
    await commit(store, 1, async () => undefined)
    await setImmediate()
    expect(woken).toEqual([])
    await commit(store, 0, async () => undefined)
    await first
    expect(woken).toEqual(['first'])
    patience.abort()
    await second
    await store.moved(place(0), 0n, new AbortController().signal)
    await store.moved(place(0), 99n, patience.signal)
  })

  it('outlive the store that made them, for whoever opens the tables next', async () => {
    const tables = new Map()
    const first = new MemoryReadModelStore(tables)
    await first.prepare(projectionInfo(Items), ['log'])
    await commit(first, 0, tx => tx.save(save(row(1))))
    await first[Symbol.asyncDispose]()
    const second = new MemoryReadModelStore(tables)
    await second.prepare(projectionInfo(Items), ['log'])
    expect(await second.checkpoint(place(0))).toBe(1n)
    expect((await second.read(items, { kind: 'all' })).rows).toEqual([row(1)])
  })

  it('refuse what was not prepared, SQL, and everything after closing', async () => {
    const store = await open()
    const unknown = { projection: 'other', version: 1, log: 'log', partition: 0 }
    await expect(store.claim(unknown)).rejects.toMatchObject({ code: 'HC_PROJECTION_UNKNOWN' })
    await expect(store.read(items, { kind: 'sql', text: 'select 1', params: [] })).rejects.toMatchObject({
      code: 'HC_SQL_UNSUPPORTED',
    })
    await store[Symbol.asyncDispose]()
    await expect(store.claim(place(0))).rejects.toMatchObject({ code: 'HC_READ_MODELS_CLOSED' })
    await expect(store.prepare(projectionInfo(Items), ['log'])).rejects.toMatchObject({
      code: 'HC_READ_MODELS_CLOSED',
    })
  })
})
