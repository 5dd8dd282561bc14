import assert from 'node:assert/strict'
import { partitionOf, type EventStore } from '@hindcast/core'
import { clause, sharedClause, type Clause } from '../clause.js'
import { homeOf, idsOf, readBatches, readStream, upTo, wholeLog } from '../reading.js'
import { refused, stillUsable } from '../refusal.js'
import { append, newEvent, tryAppend, write } from '../writing.js'

const STREAM = 'account-acc-1'

/** Closing, and what is there after opening again. */
export const closing: readonly Clause[] = [
  clause('what is acknowledged is there to read at once, and after reopening', async trial => {
    let store = await trial.open()
    const ids: string[] = []
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 10; n++) {
        const event = newEvent()
        await append(store, write(STREAM, 'any', [event]))
        ids.push(event.id)
        assert.deepEqual(idsOf(await readStream(store, STREAM)), ids)
      }
      store = await trial.reopen(store)
      assert.deepEqual(idsOf(await readStream(store, STREAM)), ids)
    }
  }),

  clause('versions and offsets go on without a gap after reopening', async trial => {
    let store = await trial.open()
    for (let round = 0; round < 3; round++) {
      const end = await store.end(homeOf(store, STREAM))
      await append(store, write(STREAM, 'any', 2))
      const events = await readStream(store, STREAM)
      assert.deepEqual(
        events.map(event => event.version),
        upTo(2 * round + 2),
      )
      assert(events.at(-2)!.offset >= end, 'offsets must grow over a reopening')
      store = await trial.reopen(store)
    }
  }),

  clause(
    'of appends that run while the store closes, the acknowledged are there and the refused are not',
    async trial => {
      for (const closeAtOnce of [true, false]) {
        const store = await trial.open()
        const early = upTo(32).map(n => outcomeOf(store, `account-early-${n}`))
        if (!closeAtOnce) assert((await Promise.race(early)).acknowledged, 'an open store must append')
        const closed = store[Symbol.asyncDispose]()
        const late = upTo(32).map(n => outcomeOf(store, `account-late-${n}`))
        const [outcomes] = await Promise.all([Promise.all([...early, ...late]), closed])
        const acknowledged = outcomes.filter(outcome => outcome.acknowledged)
        for (const { stream } of acknowledged)
          assert.match(stream, /early/, 'an append after closing must be refused')
        const reopened = await trial.reopen(store)
        for (const { stream, id, acknowledged: written } of outcomes)
          assert.deepEqual(idsOf(await readStream(reopened, stream)), written ? [id] : [], stream)
        assert.equal((await wholeLog(reopened)).length, acknowledged.length)
      }
    },
  ),

  clause('a closed store refuses every call, and nothing is written', async trial => {
    const store = await trial.open()
    await append(store, write(STREAM, 'none'), { commandId: 'cmd-1' })
    await store[Symbol.asyncDispose]()
    const partition = partitionOf(STREAM, store.partitions)
    const calls: readonly (() => Promise<unknown>)[] = [
      () => tryAppend(store, write(STREAM, 0)),
      () => tryAppend(store, write(STREAM, 'none'), { commandId: 'cmd-1' }),
      () => tryAppend(store, write(STREAM, 'none')),
      () => store.findCommand(partition, 'cmd-1'),
      () => readStream(store, STREAM),
      () => readStream(store, 'account-unknown'),
      () => readBatches(store, partition),
      () => readBatches(store, partition, { live: true }),
      () => store.end(partition),
      () => store.end(partition, { fresh: true }),
    ]
    for (const call of calls) await refused('HC_STORE_CLOSED', call)
    assert.equal((await wholeLog(await trial.reopen(store))).length, 1)
  }),

  clause('a malformed append is told what is wrong with it even by a closed store', async trial => {
    const store = await trial.open()
    await store[Symbol.asyncDispose]()
    await refused('HC_STREAM_ID', () => tryAppend(store, write('nonsense', 'none')))
    await refused('HC_APPEND_INVALID', () => tryAppend(store, []))
  }),

  clause('closing twice, and at the same time, is harmless', async trial => {
    const store = await trial.open()
    await append(store, write(STREAM, 'none'))
    await Promise.all([store[Symbol.asyncDispose](), store[Symbol.asyncDispose]()])
    await store[Symbol.asyncDispose]()
    const reopened = await trial.reopen(store)
    assert.equal((await wholeLog(reopened)).length, 1)
    await stillUsable(reopened)
  }),

  clause('closing ends a reader that stands between two batches with StoreClosedError', async trial => {
    const store = await trial.open()
    for (let n = 0; n < 3; n++) await append(store, write(STREAM, 'any'))
    const reader = store.readLog(homeOf(store, STREAM), { batchEvents: 1 })[Symbol.asyncIterator]()
    await reader.next()
    await store[Symbol.asyncDispose]()
    await refused('HC_STORE_CLOSED', () => reader.next())
  }),

  sharedClause('closing one store leaves another on the same log usable', async trial => {
    const store = await trial.open()
    const second = await trial.second(store)
    await append(store, write(STREAM, 'none'))
    await store[Symbol.asyncDispose]()
    const event = newEvent()
    await append(second, write(STREAM, 0, [event]))
    assert.equal((await readStream(second, STREAM, { fresh: true })).at(-1)?.id, event.id)
    await stillUsable(second)
  }),
]

interface Outcome {
  readonly stream: string
  readonly id: string
  readonly acknowledged: boolean
}

/** Appends one event to a stream of its own; the only refusal allowed is that the store is closed. */
async function outcomeOf(store: EventStore, stream: string): Promise<Outcome> {
  const event = newEvent()
  try {
    await append(store, write(stream, 'none', [event]))
    return { stream, id: event.id, acknowledged: true }
  } catch (error) {
    await refused('HC_STORE_CLOSED', () => Promise.reject(error))
    return { stream, id: event.id, acknowledged: false }
  }
}
