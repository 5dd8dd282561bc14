import assert from 'node:assert/strict'
import type { EventStore, LogBatch } from '@hindcast/core'
import { clause, type Clause } from '../clause.js'
import { homeOf, idsOf, readBatches, readPartition, upTo } from '../reading.js'
import { allRefusedCleanly, refusedCleanly } from '../refusal.js'
import { append, streamsTogether, write } from '../writing.js'

/** Reading a partition in batches, and going on from where one stopped. */
export const checkpoints: readonly Clause[] = [
  clause('next lies behind the events of its batch, grows, and ends at the end', async trial => {
    const store = await trial.open()
    const partition = await fill(store)
    const end = await store.end(partition)
    for (const batchEvents of [1, 2, 5, 1000]) {
      const batches = await readBatches(store, partition, { batchEvents })
      let next = 0n
      for (const batch of batches) {
        checkBatch(batch, partition, next)
        next = batch.next
      }
      assert.equal(next, end)
      assert.equal(batches.at(-1)?.end, end)
    }
  }),

  clause('reading again from any checkpoint gives exactly the rest', async trial => {
    const store = await trial.open()
    const partition = await fill(store)
    const all = idsOf(await readPartition(store, partition))
    const reopened = await trial.reopen(store)
    let read = 0
    for (const batch of await readBatches(reopened, partition, { batchEvents: 1 })) {
      read += batch.events.length
      assert.deepEqual(idsOf(await readPartition(reopened, partition, { from: batch.next })), all.slice(read))
    }
    assert.equal(read, all.length)
  }),

  clause('no batch ends within an append, however small it is asked to be', async trial => {
    const store = await trial.open()
    const partition = await fill(store)
    const total = (await readPartition(store, partition)).length
    for (const batchEvents of upTo(6).map(n => n + 1)) {
      const batches = (await readBatches(store, partition, { batchEvents })).filter(holdsEvents)
      const commands = batches.map(batch => new Set(batch.events.map(event => event.commandId)))
      const apart = commands.reduce((sum, ids) => sum + ids.size, 0)
      assert.equal(apart, new Set(commands.flatMap(ids => [...ids])).size, 'an append was split')
      assert.equal(
        batches.reduce((sum, batch) => sum + batch.events.length, 0),
        total,
      )
    }
  }),

  clause('a batch holds no more events than asked for, unless a single append is larger', async trial => {
    const store = await trial.open()
    const partition = await fill(store)
    for (const batchEvents of [1, 2, 3, 4, 7])
      for (const { events } of await readBatches(store, partition, { batchEvents })) {
        const appends = new Set(events.map(event => event.commandId)).size
        assert(events.length <= batchEvents || appends === 1, `${events.length} events of ${appends} appends`)
      }
  }),

  clause('by default a batch holds at most 1,000 events', async trial => {
    const store = await trial.open()
    for (let n = 0; n < 4; n++) await append(store, write('account-acc-1', 'any', 700))
    const batches = await readBatches(store, homeOf(store, 'account-acc-1'))
    assert.equal(
      batches.reduce((sum, batch) => sum + batch.events.length, 0),
      2800,
    )
    for (const { events } of batches) assert(events.length <= 1000, `a batch of ${events.length} events`)
  }),

  clause('reading from the end gives nothing and stays there', async trial => {
    const store = await trial.open()
    const partition = await fill(store)
    const end = await store.end(partition)
    for (const batch of await readBatches(store, partition, { from: end })) {
      assert.deepEqual(batch.events, [])
      assert.equal(batch.next, end)
    }
  }),

  clause('reading from beyond the end is refused', async trial => {
    const store = await trial.open()
    const partition = await fill(store)
    for (const beyond of [1n, 1_000_000n]) {
      const from = (await store.end(partition)) + beyond
      const read = (): Promise<LogBatch[]> => readBatches(store, partition, { from })
      const error = await refusedCleanly(store, 'HC_READ_OUT_OF_RANGE', read)
      assert(error.message.includes(String(from)), `the message must name ${from}: ${error.message}`)
    }
  }),

  clause('reading live from beyond the end is refused', async trial => {
    const store = await trial.open()
    const end = await store.end(0)
    await refusedCleanly(store, 'HC_READ_OUT_OF_RANGE', () =>
      readBatches(store, 0, { from: end + 1n, live: true }),
    )
  }),

  clause('reading a partition refuses unknown partitions and bad options', async trial => {
    const store = await trial.open()
    const unknown = [-1, store.partitions, 1.5, NaN]
    await allRefusedCleanly(store, 'HC_PARTITION_UNKNOWN', [
      ...unknown.map(partition => () => readBatches(store, partition)),
      ...unknown.map(partition => () => store.end(partition)),
    ])
    await allRefusedCleanly(store, 'HC_APPEND_INVALID', [
      () => readBatches(store, 0, { from: -1n }),
      ...[0, -1, 1.5, NaN].map(batchEvents => () => readBatches(store, 0, { batchEvents })),
    ])
  }),
]

/** Appends of 1, 2 and 3 events and of two streams; returns their partition. */
async function fill(store: EventStore): Promise<number> {
  const [left, right] = streamsTogether(store, 2) as [string, string]
  for (let n = 0; n < 9; n++) await append(store, write(n % 2 === 0 ? left : right, 'any', 1 + (n % 3)))
  await append(store, [write(left, 'any', 2), write(right, 'any', 2)])
  await append(store, write(left, 'any'))
  return homeOf(store, left)
}

function checkBatch(batch: LogBatch, partition: number, from: bigint): void {
  assert.equal(batch.partition, partition)
  assert(batch.next >= from && batch.next <= batch.end, `next ${batch.next}, end ${batch.end}, from ${from}`)
  for (const { offset } of batch.events)
    assert(offset >= from && offset < batch.next, `offset ${offset} in the batch ${from} to ${batch.next}`)
}

function holdsEvents(batch: LogBatch): boolean {
  return batch.events.length > 0
}
