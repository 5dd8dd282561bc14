import assert from 'node:assert/strict'
import { clause, clauseWith, type ReadModelClause } from '../clause.js'
import { HERE, nothing, Owner, placeOf } from '../owner.js'
import {
  COUNTERS,
  COUNTERS_ANEW,
  EVERYTHING,
  LEDGER,
  RENAMED_COUNTERS,
  RETYPED_COUNTERS,
} from '../projections.js'
import { refused } from '../refusal.js'
import { allRows, counter, put } from '../rows.js'
import { patience } from '../time.js'
import { LOGS } from '../trial.js'

/** Making tables. */
export const preparing: readonly ReadModelClause[] = [
  clause('preparing again, also at the same time, changes nothing', async trial => {
    const store = await trial.open()
    await (await Owner.of(store)).commit(tx => put(tx, [counter('a', 1n)]))
    await Promise.all([store.prepare(COUNTERS, LOGS), store.prepare(COUNTERS, LOGS)])
    assert.deepEqual(await allRows(store), [counter('a', 1n)])
    assert.equal(await store.checkpoint(HERE), 1n)
  }),

  clauseWith('a second store', 'two stores prepare the same new tables at the same time', async trial => {
    const store = await trial.open()
    const second = await trial.second(store)
    await Promise.all([store.prepare(EVERYTHING, LOGS), second.prepare(EVERYTHING, LOGS)])
    assert.deepEqual(await allRows(second, placeOf(EVERYTHING)), [])
  }),

  clause('each version of a projection has rows and checkpoints of its own', async trial => {
    const store = await trial.open(COUNTERS, COUNTERS_ANEW)
    const [old, anew] = [HERE, placeOf(COUNTERS_ANEW)]
    await (await Owner.of(store, old)).commit(tx => put(tx, [counter('a', 1n)]))
    assert.deepEqual(await allRows(store, anew), [])
    assert.equal(await store.checkpoint(anew), 0n)
    await (await Owner.of(store, anew)).commit(tx => put(tx, [counter('a', 7n)]), 9n)
    assert.deepEqual(await allRows(store, old), [counter('a', 1n)])
    assert.deepEqual(await allRows(store, anew), [counter('a', 7n)])
    assert.equal(await store.checkpoint(old), 1n)
  }),

  clause('other columns under the same version are refused, and the rows stay', async trial => {
    const store = await trial.open()
    await (await Owner.of(store)).commit(tx => put(tx, [counter('a', 1n)]))
    const reopened = await trial.reopen(store)
    for (const other of [RENAMED_COUNTERS, RETYPED_COUNTERS])
      await refused('HC_READ_MODEL_SHAPE', () => reopened.prepare(other, LOGS))
    assert.deepEqual(await allRows(reopened), [counter('a', 1n)])
  }),

  clause('checkpoints of a log that the app does not read are refused, and name it', async trial => {
    const store = await trial.open()
    await (await Owner.of(store)).commit()
    const reopened = await trial.reopen(store)
    const error = await refused('HC_READ_MODEL_OF_ANOTHER_LOG', () => reopened.prepare(COUNTERS, ['log-b']))
    assert(error.message.includes('log-a') && error.message.includes('log-b'), error.message)
    await reopened.prepare(COUNTERS, ['log-c', 'log-a'])
    assert.equal(await reopened.checkpoint(HERE), 1n)
  }),

  clause('tables that were never folded into may be used with any log', async trial => {
    const store = await trial.open()
    await store.prepare(COUNTERS, ['log-c'])
    assert.equal(await store.checkpoint({ ...HERE, log: 'log-c' }), 0n)
  }),

  clause('who only looks makes nothing, and finds what is there', async trial => {
    const store = await trial.open()
    await (await Owner.of(store)).commit(tx => put(tx, [counter('a', 1n)]))
    const looking = await trial.reopen(store)
    for (let time = 0; time < 2; time++)
      await refused('HC_READ_MODEL_MISSING', () => looking.look(COUNTERS_ANEW, LOGS))
    await refused('HC_READ_MODEL_SHAPE', () => looking.look(RETYPED_COUNTERS, LOGS))
    await refused('HC_READ_MODEL_OF_ANOTHER_LOG', () => looking.look(COUNTERS, ['log-b']))
    await looking.look(COUNTERS, LOGS)
    assert.deepEqual(await allRows(looking), [counter('a', 1n)])
  }),

  clause('what was not prepared is refused', async trial => {
    const store = await trial.open()
    const unknown = placeOf(COUNTERS_ANEW)
    const calls: readonly (() => Promise<unknown>)[] = [
      () => store.claim(unknown),
      () => store.checkpoint(unknown),
      () => store.transact({ ...unknown, from: 0n, epoch: 1n, next: 1n }, nothing),
      () => store.read(unknown, { kind: 'all' }),
      () => store.moved(unknown, 0n, patience()),
      () => store.parked(unknown),
      () => store.passed(unknown),
      () => store.request({ ...unknown, id: 'r', action: 'retry', keys: [], reason: '' }),
      () => store.requests(unknown),
      () => store.answerTo(unknown, 'r'),
      () => store.report(unknown, 1n, { owner: 'o', state: 'live', eventsPerSecond: 0 }),
      () => store.standing(unknown),
    ]
    for (const call of calls) await refused('HC_PROJECTION_UNKNOWN', call)
  }),

  clauseWith('no sql', 'projections and queries with SQL are refused', async trial => {
    const store = await trial.open()
    await refused('HC_SQL_UNSUPPORTED', () => store.prepare(LEDGER, LOGS))
    await refused('HC_SQL_UNSUPPORTED', () => store.read(HERE, { kind: 'sql', text: 'select 1', params: [] }))
  }),
]
