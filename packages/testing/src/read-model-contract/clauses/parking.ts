import assert from 'node:assert/strict'
import type { ParkedEvent } from '@hindcast/core'
import { clause, type ReadModelClause } from '../clause.js'
import { HERE, Owner, placeOf } from '../owner.js'
import { parkedEvent, passedEvent } from '../parked.js'
import { COUNTERS, COUNTERS_ANEW } from '../projections.js'

const ODD = ['', ' ', 'NULL', '{}', 'a,b', '"', "it's", '\\', '🚀', 'line\nbreak']

/** What is set aside, and what is left out. */
export const parking: readonly ReadModelClause[] = [
  clause(
    'parked events are listed in the order of the log, with everything that was said of them',
    async trial => {
      const store = await trial.open()
      const odd: ParkedEvent = {
        offset: 2n ** 53n + 1n,
        stream: "account-it's 🚀",
        streamVersion: 2_147_483_647,
        type: 'account.deposited',
        keys: ODD.slice(1),
        code: 'HC_FOLD_FAILED',
        message: ODD.join('|'),
        parkedAt: new Date('2026-03-29T01:30:00.120Z'),
        retries: 3,
      }
      const owner = await Owner.of(store)
      await owner.commit(tx => tx.park([odd, parkedEvent(9n, 'b')]))
      await owner.commit(tx => tx.park([parkedEvent(10n, 'a', 'c'), parkedEvent(2n, 'a')]))
      const wanted = [parkedEvent(2n, 'a'), parkedEvent(9n, 'b'), parkedEvent(10n, 'a', 'c'), odd]
      assert.deepEqual(await store.parked(HERE), wanted)
      assert.deepEqual(await (await trial.reopen(store)).parked(HERE), wanted)
    },
  ),

  clause('an event that is parked again is replaced', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    await owner.commit(tx => tx.park([parkedEvent(3n, 'a')]))
    const again: ParkedEvent = {
      ...parkedEvent(3n, 'b', 'c'),
      retries: 1,
      code: 'OTHER',
      message: 'other',
    }
    await owner.commit(tx => tx.park([again]))
    assert.deepEqual(await store.parked(HERE), [again])
  }),

  clause('an event that is taken out is parked no longer, and taking out none is harmless', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    await owner.commit(tx => tx.park([parkedEvent(1n, 'a'), parkedEvent(2n, 'a'), parkedEvent(3n, 'b')]))
    await owner.commit(tx => tx.unpark([1n, 3n, 99n]))
    assert.deepEqual(await store.parked(HERE), [parkedEvent(2n, 'a')])
    await owner.commit(async tx => {
      await tx.unpark([])
      await tx.park([])
      await tx.pass([])
    })
    assert.deepEqual(await store.parked(HERE), [parkedEvent(2n, 'a')])
  }),

  clause('an event that is taken out and parked again in one transaction is parked', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    await owner.commit(tx => tx.park([parkedEvent(1n, 'a')]))
    const again = { ...parkedEvent(1n, 'a'), retries: 1 }
    await owner.commit(async tx => {
      await tx.unpark([1n])
      await tx.park([again])
    })
    assert.deepEqual(await store.parked(HERE), [again])
  }),

  clause('the next owner is told the keys of all that is parked, and of nothing else', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    await owner.commit(tx =>
      tx.park([parkedEvent(1n, 'a', 'b'), parkedEvent(2n, 'b'), parkedEvent(3n, ...ODD)]),
    )
    const keysNow = async (): Promise<unknown> => new Set((await store.claim(HERE)).parkedKeys)
    assert.deepEqual(await keysNow(), new Set(['a', 'b', ...ODD]))
    await (await Owner.of(store)).commit(tx => tx.unpark([1n, 3n]))
    assert.deepEqual(await keysNow(), new Set(['b']))
    assert.deepEqual(new Set((await store.claim({ ...HERE, partition: 1 })).parkedKeys), new Set())
  }),

  clause('passed events are kept for ever, in the order of the log, with why', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    const dropped = {
      ...passedEvent(2n, ...ODD.slice(1)),
      why: 'dropped',
      reason: ODD.join('|'),
      retries: 2,
    } as const
    await owner.commit(tx => tx.pass([passedEvent(9n, 'b'), dropped]))
    await owner.commit(tx => tx.pass([passedEvent(5n, 'a')]))
    const wanted = [dropped, passedEvent(5n, 'a'), passedEvent(9n, 'b')]
    assert.deepEqual(await store.passed(HERE), wanted)
    assert.deepEqual(await (await trial.reopen(store)).passed(HERE), wanted)
  }),

  clause('an event is passed once, also when it was parked before', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    await owner.commit(tx => tx.park([parkedEvent(1n, 'a')]))
    await owner.commit(async tx => {
      await tx.unpark([1n])
      await tx.pass([passedEvent(1n, 'a')])
      await tx.pass([{ ...passedEvent(1n, 'a'), reason: 'the last word' }])
    })
    assert.deepEqual(await store.parked(HERE), [])
    assert.deepEqual(await store.passed(HERE), [{ ...passedEvent(1n, 'a'), reason: 'the last word' }])
  }),

  clause('partitions, logs and versions have parked and passed events apart from each other', async trial => {
    const store = await trial.open(COUNTERS, COUNTERS_ANEW)
    await (
      await Owner.of(store)
    ).commit(async tx => {
      await tx.park([parkedEvent(1n, 'a')])
      await tx.pass([passedEvent(2n, 'a')])
    })
    for (const other of [{ ...HERE, partition: 1 }, { ...HERE, log: 'log-b' }, placeOf(COUNTERS_ANEW)]) {
      assert.deepEqual([await store.parked(other), await store.passed(other)], [[], []])
      const owner = await Owner.of(store, other)
      assert.equal(owner.claim.parkedKeys.size, 0)
      await owner.commit(tx => tx.unpark([1n]))
    }
    assert.equal((await store.parked(HERE)).length, 1)
  }),
]
