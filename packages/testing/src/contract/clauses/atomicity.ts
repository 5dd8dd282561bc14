import assert from 'node:assert/strict'
import { clause, type Clause } from '../clause.js'
import { homeOf, idsOf, plain, readPartition, readStream, versionsOf, wholeLog } from '../reading.js'
import { conflicts, refusedCleanly } from '../refusal.js'
import { append, newEvent, newEvents, streamsApart, streamsTogether, tryAppend, write } from '../writing.js'

/** One append writes all or nothing. */
export const atomicity: readonly Clause[] = [
  clause(
    'the events of an append get consecutive versions, in the order given, side by side in the log',
    async trial => {
      const store = await trial.open()
      const events = newEvents(7)
      await append(store, write('account-acc-1', 'none', events))
      const recorded = await readStream(store, 'account-acc-1')
      assert.deepEqual(idsOf(recorded), idsOf(events))
      assert.deepEqual(versionsOf(recorded), [0, 1, 2, 3, 4, 5, 6])
      const log = await readPartition(store, homeOf(store, 'account-acc-1'))
      assert.deepEqual(log.map(plain), recorded.map(plain))
    },
  ),

  clause(
    'several streams of a partition are written together, with a version for each in order',
    async trial => {
      const store = await trial.open()
      const [a, b, c] = streamsTogether(store, 3) as [string, string, string]
      await append(store, write(b, 'none', 4))
      const writes = [write(a, 'none', 3), write(b, 3, 2), write(c, 'any', 1)]
      assert.deepEqual((await append(store, writes)).versions, [2, 5, 0])
      const log = await readPartition(store, homeOf(store, a))
      assert.deepEqual(
        idsOf(log.slice(4)),
        writes.flatMap(each => idsOf(each.events)),
      )
      for (const { stream, events } of writes)
        assert.deepEqual(idsOf(await readStream(store, stream)).slice(-events.length), idsOf(events))
    },
  ),

  clause('a conflict on the second stream writes nothing to the first', async trial => {
    const store = await trial.open()
    const [left, right] = streamsTogether(store, 2) as [string, string]
    await append(store, write(right, 'none', 2))
    await conflicts(store, [write(left, 'none', 2), write(right, 0)], {
      stream: right,
      expected: 0,
      actual: 1,
    })
    assert.deepEqual(await readStream(store, left), [])
    assert.deepEqual((await append(store, write(left, 'none'))).versions, [0])
  }),

  clause('of several streams that are not as expected the first is named', async trial => {
    const store = await trial.open()
    const [a, b, c] = streamsTogether(store, 3) as [string, string, string]
    await append(store, write(c, 'none', 3))
    await conflicts(store, [write(a, 'none'), write(b, 5), write(c, 'none')], {
      stream: b,
      expected: 5,
      actual: 'none',
    })
  }),

  clause('an append across partitions is refused and writes to neither', async trial => {
    const store = await trial.open()
    const [left, right] = streamsApart(store, 2) as [string, string]
    const error = await refusedCleanly(store, 'HC_APPEND_ACROSS_PARTITIONS', () =>
      tryAppend(store, [write(left, 'none'), write(right, 'none')]),
    )
    for (const value of [left, right, String(homeOf(store, left)), String(homeOf(store, right))])
      assert(error.message.includes(value), `the message must name ${value}: ${error.message}`)
    assert.deepEqual(await readStream(store, left), [])
    assert.deepEqual(await readStream(store, right), [])
  }),

  clause('one bad event among good ones refuses the whole append', async trial => {
    const store = await trial.open()
    const [left, right] = streamsTogether(store, 2) as [string, string]
    const bad = newEvent({ data: '[]' })
    await refusedCleanly(store, 'HC_APPEND_INVALID', () =>
      tryAppend(store, [write(left, 'none', 3), write(right, 'none', [newEvent(), bad])]),
    )
    assert.deepEqual(await readStream(store, left), [])
  }),

  clause('an append is whole after reopening', async trial => {
    const store = await trial.open()
    const [left, right] = streamsTogether(store, 2) as [string, string]
    await append(store, [write(left, 'none', 5), write(right, 'none', 5)])
    const before = await wholeLog(store)
    assert.equal(before.length, 10)
    const reopened = await trial.reopen(store)
    assert.deepEqual(await wholeLog(reopened), before)
    assert.deepEqual((await append(reopened, write(left, 4))).versions, [5])
    assert.deepEqual((await append(reopened, write(right, 4))).versions, [5])
  }),
]
