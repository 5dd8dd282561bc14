import assert from 'node:assert/strict'
import { comparePositions, parsePosition, type Appended } from '@hindcast/core'
import { clause, type Clause } from '../clause.js'
import { homeOf, idsOf, only, readBatches, readPartition, upTo, wholeLog } from '../reading.js'
import { append, newEvent, streamsTogether, write } from '../writing.js'

/** The order of a partition, offsets and positions. */
export const logOrder: readonly Clause[] = [
  clause('a partition holds its events in the order in which they were acknowledged', async trial => {
    const store = await trial.open()
    const streams = streamsTogether(store, 3)
    const ids: string[] = []
    for (let n = 0; n < 30; n++) {
      const event = newEvent()
      await append(store, write(streams[n % 3]!, 'any', [event]))
      ids.push(event.id)
    }
    assert.deepEqual(idsOf(await readPartition(store, homeOf(store, streams[0]!))), ids)
  }),

  clause('every event lies in the partition of its stream, exactly once, and nowhere else', async trial => {
    const store = await trial.open()
    const streams = upTo(40).map(n => `account-acc-${n}`)
    for (const stream of streams) await append(store, write(stream, 'none'))
    const events = await wholeLog(store)
    assert.deepEqual(events.map(event => event.stream).toSorted(), [...streams].toSorted())
    for (const event of events) assert.equal(event.partition, homeOf(store, event.stream))
  }),

  clause('offsets grow strictly within a partition, from above the genesis record on', async trial => {
    const store = await trial.open()
    for (let n = 0; n < 5; n++) await append(store, write('account-acc-1', 'any', 3))
    const events = await readPartition(store, homeOf(store, 'account-acc-1'))
    assert.equal(events.length, 15)
    assert(events[0]!.offset >= 1n, 'offset 0 belongs to the genesis record')
    for (const [n, { offset }] of events.slice(1).entries())
      assert(offset > events[n]!.offset, `offset ${offset} comes after ${events[n]!.offset}`)
  }),

  clause(
    'the position of an append names the log, the partition and the offset of its last event',
    async trial => {
      const store = await trial.open()
      const [left, right] = streamsTogether(store, 2) as [string, string]
      const { position } = await append(store, [write(left, 'none', 2), write(right, 'none', 3)])
      const last = (await readPartition(store, homeOf(store, left))).at(-1)
      assert.deepEqual(parsePosition(position), {
        logId: store.logId,
        partition: homeOf(store, left),
        offset: last?.offset,
      })
    },
  ),

  clause('positions of a partition grow from append to append', async trial => {
    const store = await trial.open()
    const appends: Appended[] = []
    for (let n = 0; n < 5; n++) appends.push(await append(store, write('account-acc-1', 'any', 2)))
    for (const [n, { position }] of appends.slice(1).entries())
      assert(comparePositions(appends[n]!.position, position) < 0, `${position} comes after the one before`)
  }),

  clause('a fresh partition ends at 1, and reading it from 0 moves over the genesis record', async trial => {
    const store = await trial.open()
    for (let partition = 0; partition < store.partitions; partition++) {
      assert.equal(await store.end(partition), 1n)
      const batches = await readBatches(store, partition, { from: 0n })
      assert.deepEqual(
        batches.flatMap(batch => batch.events),
        [],
      )
      assert.equal(batches.at(-1)?.next, 1n)
    }
  }),

  clause('end is the checkpoint behind the last acknowledged event', async trial => {
    const store = await trial.open()
    const partition = homeOf(store, 'account-acc-1')
    for (let n = 0; n < 3; n++) {
      const { position } = await append(store, write('account-acc-1', 'any', 2))
      const behind = parsePosition(position).offset + 1n
      assert.equal(await store.end(partition), behind)
      assert.equal(await store.end(partition, { fresh: true }), behind)
    }
  }),

  clause('the log has the same identity, partitions and events after reopening', async trial => {
    const store = await trial.open()
    for (let n = 0; n < 20; n++) await append(store, write(`account-acc-${n}`, 'none', 2))
    const before = await wholeLog(store)
    const { logId, partitions } = store
    assert.match(logId, /^[A-Za-z0-9_-]{1,64}$/)
    const reopened = await trial.reopen(store)
    assert.equal(reopened.logId, logId)
    assert.equal(reopened.partitions, partitions)
    assert.deepEqual(await wholeLog(reopened), before)
  }),

  clause('two fresh logs have different identities', async trial => {
    const [one, other] = [await trial.open(), await trial.open()]
    assert.notEqual(one.logId, other.logId)
    await append(one, write('account-acc-1', 'none'))
    only(await wholeLog(one))
    assert.deepEqual(await wholeLog(other), [])
  }),
]
