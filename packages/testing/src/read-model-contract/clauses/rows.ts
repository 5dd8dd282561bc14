import assert from 'node:assert/strict'
import type { ReadModelTx, Row } from '@hindcast/core'
import { clause, type ReadModelClause } from '../clause.js'
import { HERE, Owner, placeOf } from '../owner.js'
import { CounterRow, EVERYTHING, EverythingRow } from '../projections.js'
import { allRows, counter, put, remove, rowAt, rowOf } from '../rows.js'

/** Loading and saving rows. */
export const rows: readonly ReadModelClause[] = [
  clause('what was saved is loaded by later transactions, by its key, and nothing else is', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    await owner.commit(tx => put(tx, [counter('a', 1n), counter('b', 2n), counter('c', 3n)]))
    for (const shared of [false, true])
      await owner.commit(async tx => {
        const loaded = await tx.load(['b', 'nobody', 'a'], { shared })
        assert.deepEqual(countsOf(loaded), { a: 1n, b: 2n })
      })
    await owner.commit(async tx => assert.equal((await tx.load([], { shared: false })).size, 0))
  }),

  clause('what was committed is loaded outside of transactions too, and what was not is not', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    assert.equal((await store.load(HERE, ['a'])).size, 0)
    await owner.commit(tx => put(tx, [counter('a', 1n), counter('b', 2n), counter('c', 3n)]))
    assert.deepEqual(countsOf(await store.load(HERE, ['b', 'nobody', 'a'])), { a: 1n, b: 2n })
    await owner.commit(async tx => {
      await put(tx, [counter('a', 4n)])
      await remove(tx, ['b'])
    })
    await assert.rejects(
      store.transact(owner.fence(), async tx => {
        await put(tx, [counter('a', 5n)])
        throw new Error('no')
      }),
    )
    assert.deepEqual(countsOf(await store.load(HERE, ['a', 'b'])), { a: 4n })
    assert.equal((await store.load(HERE, [])).size, 0)
  }),

  clause('rows that are named before a transaction are loaded in it like all others', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    await owner.commit(tx => put(tx, [counter('a', 1n), counter('b', 2n)]))
    const loadsFirst = ['a', 'nobody']
    const work = async (tx: ReadModelTx): Promise<void> => {
      assert.deepEqual(countsOf(await tx.load(loadsFirst, { shared: false })), { a: 1n })
      await tx.save({ upserts: new Map([['a', counter('a', 3n) as unknown as Row]]), deletes: [] })
      assert.deepEqual(countsOf(await tx.load(['b', 'a'], { shared: false })), { a: 3n, b: 2n })
      assert.deepEqual(countsOf(await tx.load(loadsFirst, { shared: false })), { a: 3n })
    }
    const fence = owner.fence()
    assert.equal(await store.transact(fence, work, { loadsFirst }), 'committed')
    const never = async (): Promise<void> => assert.fail('the work of a fenced transaction must not run')
    assert.equal(await store.transact(fence, never, { loadsFirst }), 'fenced')
    assert.deepEqual(await allRows(store), [counter('a', 3n), counter('b', 2n)])
  }),

  clause('a saved row replaces the one before whole', async trial => {
    const store = await trial.open(EVERYTHING)
    const here = placeOf(EVERYTHING)
    const owner = await Owner.of(store, here)
    const full = rowOf(EverythingRow, {
      id: 'a',
      select: 'text',
      Order: 1,
      user: 2n,
      theDouble: 3.5,
      table: true,
      ORDER: new Date(4),
      _json: { five: 5 },
      next: '00000000-0000-4000-8000-000000000006',
    })
    const bare = rowOf(EverythingRow, {
      id: 'a',
      select: null,
      Order: null,
      user: null,
      theDouble: null,
      table: null,
      ORDER: null,
      _json: null,
      next: null,
    })
    for (const row of [full, bare, full]) {
      await owner.commit(tx => put(tx, [row]))
      assert.deepEqual(await allRows(store, here), [row])
    }
  }),

  clause('a deleted row is gone, and can be made again', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    await owner.commit(tx => put(tx, [counter('a', 1n), counter('b', 1n)]))
    await owner.commit(tx => remove(tx, ['a']))
    assert.deepEqual(await allRows(store), [counter('b', 1n)])
    assert.deepEqual(await rowAt(store, 'a'), [])
    await owner.commit(async tx => assert.deepEqual(countsOf(await tx.load(['a'], { shared: false })), {}))
    await owner.commit(tx => put(tx, [counter('a', 2n)]))
    assert.deepEqual(await allRows(store), [counter('a', 2n), counter('b', 1n)])
  }),

  clause('one save writes some rows and deletes others', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    await owner.commit(tx => put(tx, [counter('a'), counter('b'), counter('c')]))
    await owner.commit(async tx => {
      await tx.load(['a', 'b', 'd'], { shared: false })
      const upserts = new Map(
        [counter('b', 2n), counter('d', 4n)].map(row => [row.id, row as unknown as Row]),
      )
      await tx.save({ upserts, deletes: ['a'] })
    })
    assert.deepEqual(await allRows(store), [counter('b', 2n), counter('c'), counter('d', 4n)])
  }),

  clause('a transaction loads what it saved itself', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    await owner.commit(tx => put(tx, [counter('a', 1n), counter('b', 1n)]))
    await owner.commit(async tx => {
      await put(tx, [counter('a', 2n), counter('c', 3n)])
      await remove(tx, ['b'])
      assert.deepEqual(countsOf(await tx.load(['a', 'b', 'c'], { shared: false })), { a: 2n, c: 3n })
    })
    assert.deepEqual(await allRows(store), [counter('a', 2n), counter('c', 3n)])
  }),

  clause('thousands of rows are loaded and saved in one transaction', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    const many = Array.from({ length: 3_000 }, (_, n) =>
      counter(`row-${String(n).padStart(4, '0')}`, BigInt(n)),
    )
    await owner.commit(tx => put(tx, many))
    assert.deepEqual(await allRows(store), many)
    const names = many.map(({ id }) => id)
    await owner.commit(async tx => {
      assert.equal((await tx.load(names, { shared: false })).size, 3_000)
      await tx.save({ upserts: new Map(), deletes: names.slice(1) })
    })
    assert.deepEqual(await allRows(store), many.slice(0, 1))
  }),

  clause('rows and checkpoints are there after reopening', async trial => {
    const store = await trial.open()
    await (await Owner.of(store)).commit(tx => put(tx, [counter('a', 1n)]), 7n)
    const reopened = await trial.reopen(store)
    assert.deepEqual(await allRows(reopened), [counter('a', 1n)])
    const owner = await Owner.of(reopened)
    assert.equal(owner.next, 7n)
    await owner.commit(tx => put(tx, [counter('a', 2n)]))
  }),

  clause('readers get objects of the row class, which are their own', async trial => {
    const store = await trial.open()
    await (await Owner.of(store)).commit(tx => put(tx, [counter('a', 1n)]))
    for (const read of [() => rowAt(store, 'a'), () => allRows(store)]) {
      const row = (await read())[0] as CounterRow
      assert(row instanceof CounterRow, 'a reader gets objects of the row class')
      row.count = 99n
      assert.deepEqual(await rowAt(store, 'a'), [counter('a', 1n)])
    }
    assert.equal(await store.checkpoint(HERE), 1n)
  }),
]

function countsOf(loaded: ReadonlyMap<string, Row>): Record<string, unknown> {
  return Object.fromEntries([...loaded].map(([key, row]) => [key, row['count']]))
}
