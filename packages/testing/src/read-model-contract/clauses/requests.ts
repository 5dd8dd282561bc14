import assert from 'node:assert/strict'
import type { ParkedRequest, RequestOutcome } from '@hindcast/core'
import { clause, clauseWith, type ReadModelClause } from '../clause.js'
import { HERE, Owner, placeOf } from '../owner.js'
import { OUTCOME, requestOf } from '../parked.js'
import { COUNTERS, COUNTERS_ANEW } from '../projections.js'

/** What people ask the owner to do with parked events. */
export const requests: readonly ReadModelClause[] = [
  clause(
    'open requests are listed in the order in which they were made, with all that was asked',
    async trial => {
      const store = await trial.open()
      const made: readonly ParkedRequest[] = [
        { ...HERE, id: 'z', action: 'retry', keys: [], reason: '' },
        { ...HERE, id: 'a', action: 'drop', keys: ['a,b', '"', '🚀'], reason: "it's wrong" },
        { ...HERE, id: 'm', log: 'log-b', partition: 3, action: 'retry', keys: ['a'], reason: 'mended' },
      ]
      for (const request of made) await store.request(request)
      assert.deepEqual(await store.requests(HERE), made)
      assert.deepEqual(await (await trial.reopen(store)).requests(HERE), made)
    },
  ),

  clause(
    'a request that is made again under its id is one request, also when it was answered',
    async trial => {
      const store = await trial.open()
      await Promise.all([store.request(requestOf('r')), store.request(requestOf('r'))])
      await store.request({ ...requestOf('r'), action: 'drop', reason: 'other' })
      assert.deepEqual(await store.requests(HERE), [requestOf('r')])
      await (await Owner.of(store)).commit(tx => tx.answer('r', OUTCOME))
      await store.request(requestOf('r'))
      assert.deepEqual(await store.requests(HERE), [])
      assert.deepEqual(await store.answerTo(HERE, 'r'), OUTCOME)
    },
  ),

  clause('an answered request is open no longer, and its answer can be asked for', async trial => {
    const store = await trial.open()
    for (const id of ['r1', 'r2', 'r3']) await store.request(requestOf(id))
    const failed: RequestOutcome = {
      folded: 0,
      dropped: 1,
      parked: 7,
      error: { code: 'BROKEN', message: "it's '🚀'" },
    }
    const owner = await Owner.of(store)
    assert.equal(await store.answerTo(HERE, 'r1'), undefined)
    await owner.commit(async tx => {
      await tx.answer('r1', OUTCOME)
      await tx.answer('r3', failed)
    })
    assert.deepEqual(await store.requests(HERE), [requestOf('r2')])
    const reopened = await trial.reopen(store)
    assert.deepEqual(await reopened.answerTo(HERE, 'r1'), OUTCOME)
    assert.deepEqual(await reopened.answerTo(HERE, 'r3'), failed)
    assert.equal(await reopened.answerTo(HERE, 'r2'), undefined)
  }),

  clause('an unknown request has no answer, and answering it is harmless', async trial => {
    const store = await trial.open()
    await (await Owner.of(store)).commit(tx => tx.answer('nobody', OUTCOME))
    assert.equal(await store.answerTo(HERE, 'nobody'), undefined)
    assert.deepEqual(await store.requests(HERE), [])
  }),

  clause('versions of a projection have requests of their own, also under the same id', async trial => {
    const store = await trial.open(COUNTERS, COUNTERS_ANEW)
    const other = placeOf(COUNTERS_ANEW)
    await store.request(requestOf('r'))
    assert.deepEqual(await store.requests(other), [])
    await store.request(requestOf('r', other))
    await (await Owner.of(store, other)).commit(tx => tx.answer('r', OUTCOME))
    assert.deepEqual(await store.requests(HERE), [requestOf('r')])
    assert.equal(await store.answerTo(HERE, 'r'), undefined)
  }),

  clauseWith(
    'a second store',
    'a request that is made through one store is answered through another',
    async trial => {
      const store = await trial.open()
      const second = await trial.second(store)
      await second.request(requestOf('r'))
      assert.deepEqual(await store.requests(HERE), [requestOf('r')])
      await (await Owner.of(store)).commit(tx => tx.answer('r', OUTCOME))
      assert.deepEqual(await second.answerTo(HERE, 'r'), OUTCOME)
      assert.deepEqual(await second.requests(HERE), [])
    },
  ),
]
