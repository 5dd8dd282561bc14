import assert from 'node:assert/strict'
import { clause, clauseWith, type ReadModelClause } from '../clause.js'
import { HERE, nothing, Owner } from '../owner.js'
import { allRows, counter, put, stateOf } from '../rows.js'
import { turn } from '../time.js'

/** Who may move a checkpoint. */
export const fence: readonly ReadModelClause[] = [
  clause('the owner goes on from where it stands, and the same transaction again is fenced', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    for (const next of [5n, 6n, 1_000_000_000_000n]) {
      const again = owner.fence({ next })
      await owner.commit(undefined, next)
      assert.equal(await store.checkpoint(HERE), next)
      assert.equal(await store.transact(again, nothing), 'fenced')
    }
  }),

  clause('a transaction from another position is fenced: behind and ahead of the checkpoint', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    await owner.commit(undefined, 5n)
    for (const from of [0n, 4n, 6n, 100n]) await owner.fencedOut({ from, next: 101n })
    assert.equal(await store.checkpoint(HERE), 5n)
    await owner.commit()
  }),

  clause('a transaction of an older owner is fenced, from whatever position', async trial => {
    const store = await trial.open()
    const frozen = await Owner.of(store)
    await frozen.commit()
    const owner = await Owner.of(store)
    await frozen.fencedOut()
    await owner.commit()
    await frozen.fencedOut()
    await frozen.fencedOut({ from: 2n, next: 3n })
    await owner.commit()
  }),

  clause('a transaction of an owner that was never named is fenced', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    await owner.fencedOut({ epoch: owner.claim.epoch + 1n })
    await owner.fencedOut({ epoch: owner.claim.epoch + 1_000n })
    await owner.commit()
  }),

  clause('without a claim every transaction is fenced', async trial => {
    const store = await trial.open()
    for (const epoch of [0n, 1n])
      assert.equal(await store.transact({ ...HERE, from: 0n, epoch, next: 1n }, nothing), 'fenced')
    assert.equal(await store.checkpoint(HERE), 0n)
  }),

  clause('a fenced transaction does not run its work and changes nothing', async trial => {
    const store = await trial.open()
    const frozen = await Owner.of(store)
    await (await Owner.of(store)).commit(tx => put(tx, [counter('a', 1n)]))
    const before = await stateOf(store)
    let ran = false
    const result = await store.transact(frozen.fence(), async tx => {
      ran = true
      await put(tx, [counter('a', 2n), counter('b')])
    })
    assert.deepEqual([result, ran], ['fenced', false])
    assert.deepEqual(await stateOf(store), before)
  }),

  clause(
    'a transaction that does not move the checkpoint commits, as often as its owner wants',
    async trial => {
      const store = await trial.open()
      const owner = await Owner.of(store)
      await owner.commit(undefined, 3n)
      for (const count of [1n, 2n]) await owner.commit(tx => put(tx, [counter('a', count)]), 3n)
      assert.deepEqual(await allRows(store), [counter('a', 2n)])
      assert.equal(await store.checkpoint(HERE), 3n)
    },
  ),

  clause('of transactions that race from one position exactly one is committed', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    for (let round = 0; round < 10; round++) {
      const results = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          store.transact(owner.fence(), async tx => {
            await turn()
            await put(tx, [counter(`${round}-${n}`)])
          }),
        ),
      )
      assert.equal(results.filter(result => result === 'committed').length, 1)
      owner.next++
    }
    assert.equal((await allRows(store)).length, 10)
    assert.equal(await store.checkpoint(HERE), 10n)
  }),

  clauseWith(
    'a second store',
    'of transactions that race through two stores exactly one is committed',
    async trial => {
      const store = await trial.open()
      const stores = [store, await trial.second(store)]
      const owner = await Owner.of(store)
      for (let round = 0; round < 10; round++) {
        const results = await Promise.all(
          [0, 1, 2, 3].map(n =>
            stores[n % 2]!.transact(owner.fence(), async tx => {
              await turn()
              await put(tx, [counter(`${round}-${n}`)])
            }),
          ),
        )
        assert.equal(results.filter(result => result === 'committed').length, 1)
        owner.next++
      }
      assert.equal((await allRows(store)).length, 10)
    },
  ),

  clause('partitions move independently of each other, also at the same time', async trial => {
    const store = await trial.open()
    const worker = async (partition: number): Promise<void> => {
      const owner = await Owner.of(store, { ...HERE, partition })
      for (let n = 1n; n <= 10n; n++) await owner.commit(tx => put(tx, [counter(`p${partition}`, n)]))
    }
    await Promise.all([0, 1, 2, 3].map(worker))
    assert.deepEqual(
      await allRows(store),
      ['p0', 'p1', 'p2', 'p3'].map(id => counter(id, 10n)),
    )
  }),
]
