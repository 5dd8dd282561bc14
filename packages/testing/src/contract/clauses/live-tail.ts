import assert from 'node:assert/strict'
import type { Appended, EventStore, LogBatch } from '@hindcast/core'
import { clause, sharedClause, type Clause } from '../clause.js'
import { homeOf, idsOf, plain, readPartition, upTo } from '../reading.js'
import { refused, stillUsable } from '../refusal.js'
import { Tail, turns } from '../tail.js'
import { append, newEvent, streamsApart, streamsTogether, write } from '../writing.js'

const STREAM = 'account-acc-1'

/** Reading on at the end of history. */
export const liveTail: readonly Clause[] = [
  clause(
    'a live reader gets history and everything appended meanwhile, each event once and in order',
    async trial => {
      const store = await trial.open()
      const streams = streamsTogether(store, 4)
      const partition = homeOf(store, streams[0]!)
      const appendTo = (n: number): Promise<Appended> =>
        append(store, write(streams[n % 4]!, 'any', 1 + (n % 3)))
      for (let n = 0; n < 30; n++) await appendTo(n)
      const tail = new Tail(store, partition, { batchEvents: 4 })
      const oneByOne = async (): Promise<void> => {
        for (let n = 0; n < 30; n++) await appendTo(n)
      }
      await Promise.all([oneByOne(), ...upTo(30).map(appendTo)])
      await tail.until(180)
      await tail.stop()
      assert.deepEqual(tail.events.map(plain), (await readPartition(store, partition)).map(plain))
    },
  ),

  clause('what is appended while a live reader handles its last batch comes next', async trial => {
    const store = await trial.open()
    await append(store, write(STREAM, 'none'))
    const tail = new Tail(store, homeOf(store, STREAM), {}, async batch => {
      if (batch.next === batch.end && tail.events.length < 20) await append(store, write(STREAM, 'any', 2))
    })
    await tail.until(21)
    await tail.stop()
    assert.deepEqual(
      tail.events.map(event => event.version),
      upTo(21),
    )
  }),

  clause('a live reader that waits at the end gets the next append, again and again', async trial => {
    const store = await trial.open()
    const tail = new Tail(store, homeOf(store, STREAM))
    const ids: string[] = []
    for (let n = 0; n < 10; n++) {
      await turns()
      const event = newEvent()
      ids.push(event.id)
      await append(store, write(STREAM, 'any', [event]))
      await tail.until(n + 1)
    }
    await tail.stop()
    assert.deepEqual(idsOf(tail.events), ids)
  }),

  clause('a live reader from the end gets only what comes', async trial => {
    const store = await trial.open()
    await append(store, write(STREAM, 'none', 5))
    const partition = homeOf(store, STREAM)
    const tail = new Tail(store, partition, { from: await store.end(partition) })
    await append(store, write(STREAM, 4, 3))
    await tail.until(3)
    await tail.stop()
    assert.deepEqual(
      tail.events.map(event => event.version),
      [5, 6, 7],
    )
  }),

  clause('no batch of a live reader ends within an append', async trial => {
    const store = await trial.open()
    const tail = new Tail(store, homeOf(store, STREAM), { batchEvents: 2 })
    await Promise.all(upTo(20).map(() => append(store, write(STREAM, 'any', 3))))
    await tail.until(60)
    await tail.stop()
    for (const { events } of tail.batches) assert.equal(events.length % 3, 0, 'an append was split')
  }),

  clause('the batches of a live reader say how far it is', async trial => {
    const store = await trial.open()
    const partition = homeOf(store, STREAM)
    const tail = new Tail(store, partition, { batchEvents: 2 })
    for (let n = 0; n < 10; n++) await append(store, write(STREAM, 'any'))
    await tail.until(10)
    await tail.stop()
    let next = 0n
    for (const batch of tail.batches) {
      assert(batch.next >= next && batch.next <= batch.end, `next ${batch.next} of ${batch.end}`)
      for (const { offset } of batch.events)
        assert(offset >= next && offset < batch.next, `offset ${offset} in ${next} to ${batch.next}`)
      next = batch.next
    }
    assert.equal(next, await store.end(partition))
  }),

  clause('two live readers both get everything', async trial => {
    const store = await trial.open()
    await append(store, write(STREAM, 'none', 3))
    const tails = [new Tail(store, homeOf(store, STREAM)), new Tail(store, homeOf(store, STREAM))]
    for (let n = 0; n < 10; n++) await append(store, write(STREAM, 'any'))
    for (const tail of tails) await tail.until(13)
    await tails[0]!.stop()
    await append(store, write(STREAM, 12))
    await tails[1]!.until(14)
    await tails[1]!.stop()
    const versions = tails.map(tail => tail.events.map(event => event.version))
    assert.deepEqual(versions, [upTo(13), upTo(14)])
  }),

  clause('a live reader gets nothing of other partitions', async trial => {
    const store = await trial.open()
    const [own, other] = streamsApart(store, 2) as [string, string]
    const tail = new Tail(store, homeOf(store, own))
    for (let n = 0; n < 5; n++) {
      await append(store, write(other, 'any'))
      await append(store, write(own, 'any'))
    }
    await tail.until(5)
    await tail.stop()
    assert.deepEqual(
      tail.events.map(event => event.stream),
      upTo(5).map(() => own),
    )
  }),

  clause('aborting ends a waiting reader quietly, and the store stays usable', async trial => {
    const store = await trial.open()
    await append(store, write(STREAM, 'none'))
    const tail = new Tail(store, homeOf(store, STREAM))
    await tail.until(1)
    await turns()
    await tail.stop()
    await stillUsable(store)
    assert.equal(tail.events.length, 1, 'nothing is read after the abort')
  }),

  clause('a reader whose signal is aborted before it starts ends quietly with nothing', async trial => {
    const store = await trial.open()
    await append(store, write(STREAM, 'none'))
    for (const live of [true, false])
      assert.equal(await countBatches(store, { live, signal: AbortSignal.abort() }), 0)
  }),

  clause('a reader that is aborted between two batches gets no further one', async trial => {
    const store = await trial.open()
    for (let n = 0; n < 5; n++) await append(store, write(STREAM, 'any'))
    for (const live of [true, false]) {
      const controller = new AbortController()
      const stop = (): void => controller.abort()
      assert.equal(await countBatches(store, { live, signal: controller.signal }, stop), 1)
    }
  }),

  clause('a reader that leaves its loop frees itself, and the store stays usable', async trial => {
    const store = await trial.open()
    for (let n = 0; n < 3; n++) await append(store, write(STREAM, 'any'))
    for await (const batch of store.readLog(homeOf(store, STREAM), { live: true, batchEvents: 1 }))
      if (batch.events.length > 0) break
    await stillUsable(store)
  }),

  clause('closing the store ends a waiting reader with StoreClosedError', async trial => {
    const store = await trial.open()
    const tail = new Tail(store, homeOf(store, STREAM))
    await append(store, write(STREAM, 'none'))
    await tail.until(1)
    await turns()
    await store[Symbol.asyncDispose]()
    await refused('HC_STORE_CLOSED', () => tail.ended)
  }),

  sharedClause('a live reader gets what another store on the log appends', async trial => {
    const store = await trial.open()
    const second = await trial.second(store)
    const tail = new Tail(second, homeOf(store, STREAM))
    for (let n = 0; n < 20; n++) await append(n % 2 === 0 ? store : second, write(STREAM, 'any', 2))
    await tail.until(40)
    await tail.stop()
    assert.deepEqual(
      tail.events.map(event => event.version),
      upTo(40),
    )
  }),
]

async function countBatches(
  store: EventStore,
  options: { live: boolean; signal: AbortSignal },
  onBatch: (batch: LogBatch) => void = () => undefined,
): Promise<number> {
  let batches = 0
  for await (const batch of store.readLog(homeOf(store, STREAM), { ...options, batchEvents: 1 })) {
    if (batch.events.length === 0) continue
    batches++
    onBatch(batch)
  }
  return batches
}
