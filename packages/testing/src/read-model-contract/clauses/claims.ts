import assert from 'node:assert/strict'
import type { CheckpointKey } from '@hindcast/core'
import { clause, clauseWith, type ReadModelClause } from '../clause.js'
import { HERE, Owner, placeOf } from '../owner.js'
import { COUNTERS, COUNTERS_ANEW, EVERYTHING } from '../projections.js'
import { counter, put, rowAt } from '../rows.js'
import { signal, turn } from '../time.js'

/** Who owns a checkpoint. */
export const claims: readonly ReadModelClause[] = [
  clause('the first claim begins at offset 0, with nothing parked', async trial => {
    const store = await trial.open()
    const { next, epoch, parkedKeys } = await store.claim(HERE)
    assert.equal(next, 0n)
    assert(epoch > 0n, 'an epoch is above 0')
    assert.deepEqual(new Set(parkedKeys), new Set())
  }),

  clause('every claim raises the epoch, also after reopening, and moves nothing', async trial => {
    let store = await trial.open()
    await (await Owner.of(store)).commit(undefined, 5n)
    let last = (await store.claim(HERE)).epoch
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 3; n++) {
        const { next, epoch } = await store.claim(HERE)
        assert(epoch > last, `epoch ${epoch} must be above ${last}`)
        assert.equal(next, 5n)
        last = epoch
      }
      store = await trial.reopen(store)
    }
    assert.equal(await store.checkpoint(HERE), 5n)
  }),

  clause('claims that race get an epoch each, and only the highest may go on', async trial => {
    const store = await trial.open()
    const owners = await Promise.all(Array.from({ length: 16 }, () => Owner.of(store)))
    const epochs = owners.map(({ claim }) => claim.epoch)
    assert.equal(new Set(epochs).size, 16, 'no two owners may have one epoch')
    const last = owners.toSorted((a, b) => (a.claim.epoch < b.claim.epoch ? -1 : 1)).at(-1)!
    for (const owner of owners) if (owner !== last) await owner.fencedOut()
    await last.commit()
  }),

  clauseWith('a second store', 'a claim through one store fences the owner in another', async trial => {
    const store = await trial.open()
    const second = await trial.second(store)
    const first = await Owner.of(store)
    await first.commit()
    const next = await Owner.of(second)
    assert.equal(next.next, 1n)
    await first.fencedOut()
    await next.commit()
  }),

  clause(
    'projections, versions, logs and partitions have checkpoints and epochs apart from each other',
    async trial => {
      const store = await trial.open(COUNTERS, COUNTERS_ANEW, EVERYTHING)
      const places: readonly CheckpointKey[] = [
        HERE,
        { ...HERE, log: 'log-b' },
        { ...HERE, partition: 1 },
        { ...HERE, partition: 11 },
        placeOf(COUNTERS_ANEW),
        placeOf(EVERYTHING),
      ]
      const owners = new Map<CheckpointKey, Owner>()
      for (const [n, place] of places.entries()) {
        const owner = await Owner.of(store, place)
        assert.equal(owner.next, 0n)
        await owner.commit(undefined, BigInt(n + 1))
        owners.set(place, owner)
      }
      for (const [n, place] of places.entries()) assert.equal(await store.checkpoint(place), BigInt(n + 1))
      for (const owner of owners.values()) await owner.commit()
    },
  ),

  clause(
    'what is asked of a partition that nobody claimed is answered as if at its beginning',
    async trial => {
      const store = await trial.open()
      assert.equal(await store.checkpoint(HERE), 0n)
      assert.deepEqual(await store.parked(HERE), [])
      assert.deepEqual(await store.passed(HERE), [])
      assert.equal((await store.read(HERE, { kind: 'all' }, { ...HERE, offset: 0n })).reached, 0n)
    },
  ),

  clause('a claim beside a running transaction knows whether that was committed', async trial => {
    const store = await trial.open()
    for (let round = 0n; round < 5n; round++) {
      const owner = await Owner.of(store)
      const [begun, go] = [signal(), signal()]
      const running = store.transact(owner.fence(), async tx => {
        begun.give()
        await go.given
        await put(tx, [counter('a', round + 1n)])
      })
      await begun.given
      const claiming = Owner.of(store)
      await turn()
      go.give()
      const [result, heir] = await Promise.all([running, claiming])
      assert.equal(heir.next, result === 'committed' ? owner.next + 1n : owner.next)
      await owner.fencedOut({ from: heir.next, next: heir.next + 1n })
      await heir.commit(tx => put(tx, [counter('a', round + 1n)]), round + 1n)
      assert.deepEqual(await rowAt(store, 'a'), [counter('a', round + 1n)])
    }
  }),
]
