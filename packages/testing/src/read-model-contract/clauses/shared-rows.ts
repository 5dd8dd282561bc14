import assert from 'node:assert/strict'
import type { ReadModelStore } from '@hindcast/core'
import { clause, clauseWith, type ReadModelClause } from '../clause.js'
import { HERE, Owner } from '../owner.js'
import { allRows, counter, countShared, put, rowAt } from '../rows.js'
import { turn } from '../time.js'

/** Rows that are fed from several partitions. */
export const sharedRows: readonly ReadModelClause[] = [
  clause('partitions that count in one row at the same time lose nothing', async trial => {
    const store = await trial.open()
    await count([store, store, store, store], 25, () => ['a'])
    assert.deepEqual(await allRows(store), [counter('a', 100n)])
  }),

  clause('partitions that make the same new row at the same time lose nothing', async trial => {
    const store = await trial.open()
    await count([store, store, store, store], 25, round => [`row-${round}`])
    for (let round = 0; round < 25; round++)
      assert.deepEqual(await rowAt(store, `row-${round}`), [counter(`row-${round}`, 4n)])
  }),

  clause(
    'partitions that name the same rows in different orders neither lose anything nor lock up',
    async trial => {
      const store = await trial.open()
      const names = ['a', 'B', 'c', 'ä', '🚀', '10', '9']
      await count([store, store, store, store], 25, (_, partition) =>
        partition % 2 === 0 ? names : names.toReversed(),
      )
      for (const name of names) assert.deepEqual(await rowAt(store, name), [counter(name, 100n)])
    },
  ),

  clauseWith(
    'a second store',
    'two stores that count in one row at the same time lose nothing',
    async trial => {
      const store = await trial.open()
      const second = await trial.second(store)
      await count([store, second, store, second], 25, () => ['a', 'b'])
      assert.deepEqual(await allRows(store), [counter('a', 100n), counter('b', 100n)])
    },
  ),

  clause('a row that was only looked for is not there afterwards', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    await owner.commit(async tx => {
      assert.equal((await tx.load(['a', 'b'], { shared: true })).size, 0)
      await tx.save({ upserts: new Map(), deletes: [] })
    })
    await owner.commit(async tx => void (await tx.load(['c'], { shared: true })))
    await owner.commit(async tx => {
      await tx.load(['e'], { shared: true })
      await put(tx, [counter('d')], true)
    })
    assert.deepEqual(await allRows(store), [counter('d')])
  }),
]

/** Each store has a partition of its own, and all add one to the rows in every round. */
async function count(
  stores: readonly ReadModelStore[],
  rounds: number,
  names: (round: number, partition: number) => readonly string[],
): Promise<void> {
  await Promise.all(
    stores.map(async (store, partition) => {
      const owner = await Owner.of(store, { ...HERE, partition })
      for (let round = 0; round < rounds; round++)
        await owner.commit(tx => countShared(tx, names(round, partition), turn))
    }),
  )
}
