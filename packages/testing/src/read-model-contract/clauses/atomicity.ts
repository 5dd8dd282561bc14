import assert from 'node:assert/strict'
import type { ReadModelTx, Row } from '@hindcast/core'
import { clause, type ReadModelClause } from '../clause.js'
import { HERE, Owner } from '../owner.js'
import { OUTCOME, parkedEvent, passedEvent, requestOf } from '../parked.js'
import { throwsThis } from '../refusal.js'
import { counter, put, remove, stateOf } from '../rows.js'

/** All of a transaction, or nothing. */
export const atomicity: readonly ReadModelClause[] = [
  clause(
    'rows, checkpoint, what is parked and passed and the answers are committed together',
    async trial => {
      const store = await trial.open()
      await store.request(requestOf('request-1'))
      const owner = await Owner.of(store)
      await owner.commit(everything, 4n)
      const wanted = {
        rows: [counter('a', 1n)],
        checkpoint: 4n,
        parked: [parkedEvent(2n, 'b')],
        passed: [passedEvent(3n, 'c')],
        requests: [],
        answer: OUTCOME,
      }
      assert.deepEqual(await stateOf(store), wanted)
      assert.deepEqual(await stateOf(await trial.reopen(store)), wanted)
    },
  ),

  clause('work that throws changes nothing, and its error is thrown on', async trial => {
    const store = await trial.open()
    await store.request(requestOf('request-1'))
    const owner = await Owner.of(store)
    await owner.commit(tx => put(tx, [counter('a', 5n), counter('z', 5n)]))
    const before = await stateOf(store)
    const crash = new Error('crash')
    await throwsThis(crash, () =>
      store.transact(owner.fence(), async tx => {
        await everything(tx)
        await remove(tx, ['z'])
        throw crash
      }),
    )
    assert.deepEqual(await stateOf(store), before)
    await owner.commit()
  }),

  clause('work that throws while a change of it is still on its way changes nothing', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    const before = await stateOf(store)
    const crash = new Error('crash')
    let late: Promise<unknown> = Promise.resolve()
    await throwsThis(crash, () =>
      store.transact(owner.fence(), async tx => {
        await tx.load(['a'], { shared: false })
        late = tx.save({ upserts: new Map([['a', counter('a') as unknown as Row]]), deletes: [] })
        late.catch(() => undefined)
        throw crash
      }),
    )
    await late.catch(() => undefined)
    assert.deepEqual(await stateOf(store), before)
    await owner.commit(tx => put(tx, [counter('b')]))
  }),

  clause('work that throws at once changes nothing', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    const crash = new Error('crash')
    await throwsThis(crash, () => store.transact(owner.fence(), () => Promise.reject(crash)))
    assert.equal(await store.checkpoint(HERE), 0n)
    await owner.commit()
  }),

  clause('a commit is there for every reader when its transaction has ended', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    for (let n = 1n; n <= 20n; n++) {
      await owner.commit(tx => put(tx, [counter('a', n)]))
      const { rows, reached } = await store.read(HERE, { kind: 'key', key: 'a' }, { ...HERE, offset: 0n })
      assert.deepEqual([rows, reached], [[counter('a', n)], n])
    }
  }),
]

/** A change of each kind. */
async function everything(tx: ReadModelTx): Promise<void> {
  await put(tx, [counter('a', 1n)])
  await tx.park([parkedEvent(2n, 'b')])
  await tx.pass([passedEvent(3n, 'c')])
  await tx.answer('request-1', OUTCOME)
}
