import assert from 'node:assert/strict'
import type { ReadModelStore, ReadQuery, ReadSnapshot } from '@hindcast/core'
import { clause, clauseWith, type ReadModelClause } from '../clause.js'
import { HERE, Owner } from '../owner.js'
import { parkedEvent } from '../parked.js'
import type { CounterRow } from '../projections.js'
import { allRows, counter, put, rowAt } from '../rows.js'
import { turn } from '../time.js'

const KEY: ReadQuery = { kind: 'key', key: 'a' }
const ALL: ReadQuery = { kind: 'all' }

/** Rows, and the proof of how fresh they are. */
export const reading: readonly ReadModelClause[] = [
  clause('without rows nothing is read', async trial => {
    const store = await trial.open()
    assert.deepEqual(await allRows(store), [])
    assert.deepEqual(await rowAt(store, 'a'), [])
    const { rows, reached } = await store.read(HERE, KEY, { ...HERE, offset: 3n })
    assert.deepEqual([rows, reached], [[], 0n])
  }),

  clause('a read says how far the asked partition has come, and no other', async trial => {
    const store = await trial.open()
    await (await Owner.of(store)).commit(tx => put(tx, [counter('a')]), 7n)
    const reached = async (log: string, partition: number): Promise<unknown> => [
      (await store.read(HERE, KEY, { log, partition, offset: 0n })).reached,
      (await store.read(HERE, ALL, { log, partition, offset: 0n })).reached,
      (await store.read(HERE, { kind: 'key', key: 'nobody' }, { log, partition, offset: 0n })).reached,
    ]
    assert.deepEqual(await reached('log-a', 0), [7n, 7n, 7n])
    assert.deepEqual(await reached('log-a', 1), [0n, 0n, 0n])
    assert.deepEqual(await reached('log-b', 0), [0n, 0n, 0n])
  }),

  clause('the row and the checkpoint of a read are of one moment', async trial => {
    const store = await trial.open()
    await ofOneMoment(store, store, KEY)
  }),

  clause('all rows and the checkpoint of a read are of one moment', async trial => {
    const store = await trial.open()
    await ofOneMoment(store, store, ALL)
  }),

  clauseWith('a second store', 'a read through another store is of one moment too', async trial => {
    const store = await trial.open()
    const second = await trial.second(store)
    await ofOneMoment(store, second, KEY)
    await ofOneMoment(store, second, ALL)
  }),

  clause(
    'a read says which parked event is in the way: the first of the key, or that at the offset',
    async trial => {
      const store = await trial.open()
      const there = [parkedEvent(8n, 'b', 'a'), parkedEvent(5n, 'a'), parkedEvent(6n, 'c')]
      await (await Owner.of(store)).commit(tx => tx.park(there), 10n)
      const at = async (query: ReadQuery, offset: bigint, partition = 0): Promise<unknown> =>
        (await store.read(HERE, query, { log: 'log-a', partition, offset })).parked?.offset
      const key = (name: string): ReadQuery => ({ kind: 'key', key: name })
      assert.equal(await at(key('a'), 0n), 5n)
      assert.equal(await at(key('b'), 0n), 8n)
      assert.equal(await at(key('nobody'), 0n), undefined)
      assert.equal(await at(key('nobody'), 6n), 6n)
      assert.equal(await at(ALL, 6n), 6n)
      assert.equal(await at(ALL, 7n), undefined)
      assert.equal(await at(key('a'), 5n, 1), undefined)
      const { parked } = await store.read(HERE, key('c'), { ...HERE, offset: 0n })
      assert.deepEqual(parked, parkedEvent(6n, 'c'))
    },
  ),

  clause('what a read says to be parked is of the moment of its rows', async trial => {
    const store = await trial.open()
    await ofOneMoment(store, store, KEY, true)
  }),
]

/** One owner writes as fast as it can, the row always equal to the checkpoint, and every second state parked. */
async function ofOneMoment(
  writes: ReadModelStore,
  reads: ReadModelStore,
  query: ReadQuery,
  parks = false,
): Promise<void> {
  const owner = await Owner.of(writes)
  const end = owner.next + 61n
  let writing = true
  const writer = async (): Promise<void> => {
    try {
      while (owner.next < end) {
        const count = owner.next + 1n
        await owner.commit(async tx => {
          await put(tx, [counter('a', count)])
          if (parks) await (count % 2n === 1n ? tx.park([parkedEvent(1n, 'a')]) : tx.unpark([1n]))
        })
        await turn()
      }
    } finally {
      writing = false
    }
  }
  const reader = async (): Promise<void> => {
    while (writing) {
      agrees(await reads.read(HERE, query, { ...HERE, offset: 0n }), parks)
      await turn()
    }
  }
  await Promise.all([writer(), reader(), reader()])
}

function agrees({ rows, reached, parked }: ReadSnapshot, parks: boolean): void {
  const count = (rows[0] as CounterRow | undefined)?.count ?? 0n
  assert.equal(count, reached, `the row is of checkpoint ${count}, the read says ${reached}`)
  if (parks)
    assert.equal(parked !== undefined, count % 2n === 1n, `at ${count} it is ${parked ? '' : 'not '}parked`)
}
