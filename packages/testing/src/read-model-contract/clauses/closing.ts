import assert from 'node:assert/strict'
import type { ReadModelStore } from '@hindcast/core'
import { clause, clauseWith, type ReadModelClause } from '../clause.js'
import { HERE, nothing, Owner } from '../owner.js'
import { requestOf } from '../parked.js'
import { COUNTERS } from '../projections.js'
import { refused } from '../refusal.js'
import { allRows, counter, put } from '../rows.js'
import { patience, turn } from '../time.js'
import { LOGS } from '../trial.js'

/** Closing, and what is there after opening again. */
export const closing: readonly ReadModelClause[] = [
  clause('a closed store refuses every call, and nothing is written', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    await owner.commit()
    await store[Symbol.asyncDispose]()
    const calls: readonly (() => Promise<unknown>)[] = [
      () => store.prepare(COUNTERS, LOGS),
      () => store.look(COUNTERS, LOGS),
      () => store.claim(HERE),
      () => store.checkpoint(HERE),
      () => store.transact(owner.fence(), nothing),
      () => store.read(HERE, { kind: 'all' }),
      () => store.read(HERE, { kind: 'key', key: 'a' }, { ...HERE, offset: 0n }),
      () => store.moved(HERE, 0n, patience()),
      () => store.moved(HERE, 9n, patience()),
      () => store.parked(HERE),
      () => store.passed(HERE),
      () => store.request(requestOf('r')),
      () => store.requests(HERE),
      () => store.answerTo(HERE, 'r'),
      () => store.report(HERE, owner.claim.epoch, { owner: 'o', state: 'live', eventsPerSecond: 0 }),
      () => store.standing(HERE),
    ]
    for (const call of calls) await refused('HC_READ_MODELS_CLOSED', call)
    const reopened = await trial.reopen(store)
    assert.equal(await reopened.checkpoint(HERE), 1n)
    assert.deepEqual(await reopened.requests(HERE), [])
  }),

  clause('closing twice, and at the same time, is harmless', async trial => {
    const store = await trial.open()
    await (await Owner.of(store)).commit(tx => put(tx, [counter('a')]))
    await Promise.all([store[Symbol.asyncDispose](), store[Symbol.asyncDispose]()])
    await store[Symbol.asyncDispose]()
    assert.deepEqual(await allRows(await trial.reopen(store)), [counter('a')])
  }),

  clause(
    'of transactions that run while the store closes, the committed are there and the refused are not',
    async trial => {
      for (const closeAtOnce of [true, false]) {
        const store = await trial.open()
        const owners = await Promise.all(
          Array.from({ length: 8 }, (_, partition) => Owner.of(store, { ...HERE, partition })),
        )
        const early = owners.map((owner, n) => outcomeOf(store, owner, `early-${n}`))
        if (!closeAtOnce) assert(await Promise.race(early), 'an open store must commit')
        const closed = store[Symbol.asyncDispose]()
        const late = owners.map((owner, n) => outcomeOf(store, owner, `late-${n}`))
        const outcomes = await Promise.all(early)
        assert.deepEqual(new Set(await Promise.all(late)), new Set([undefined]), 'a closed store must refuse')
        await closed
        const committed = outcomes.filter(key => key !== undefined)
        const reopened = await trial.reopen(store)
        assert.deepEqual(
          await allRows(reopened),
          committed.toSorted().map(key => counter(key)),
        )
        for (const [partition, key] of outcomes.entries())
          assert.equal(await reopened.checkpoint({ ...HERE, partition }), key === undefined ? 0n : 1n)
      }
    },
  ),

  clause('a store can be closed while somebody waits for a checkpoint', async trial => {
    const store = await trial.open()
    const calling = new AbortController()
    const waiting = store.moved(HERE, 0n, calling.signal).catch(() => undefined)
    await turn()
    await store[Symbol.asyncDispose]()
    calling.abort()
    await waiting
  }),

  clauseWith(
    'a second store',
    'closing one store leaves another on the same read models usable',
    async trial => {
      const store = await trial.open()
      const second = await trial.second(store)
      const owner = await Owner.of(second)
      await store[Symbol.asyncDispose]()
      await owner.commit(tx => put(tx, [counter('a')]))
      assert.deepEqual(await allRows(second), [counter('a')])
    },
  ),
]

/** The key when the transaction was committed, undefined when it was refused because the store is closed. */
async function outcomeOf(store: ReadModelStore, owner: Owner, key: string): Promise<string | undefined> {
  try {
    const result = await store.transact(owner.fence(), tx => put(tx, [counter(key)]))
    assert.equal(result, 'committed')
    return key
  } catch (error) {
    await refused('HC_READ_MODELS_CLOSED', () => Promise.reject(error))
    return undefined
  }
}
