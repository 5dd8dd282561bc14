import assert from 'node:assert/strict'
import { clause, clauseWith, type ReadModelClause } from '../clause.js'
import { HERE, Owner } from '../owner.js'
import { patience, turn } from '../time.js'

/** Waiting for a checkpoint. */
export const waiting: readonly ReadModelClause[] = [
  clause('who waits for what is there already does not wait', async trial => {
    const store = await trial.open()
    await (await Owner.of(store)).commit(undefined, 5n)
    for (const beyond of [0n, 4n]) await store.moved(HERE, beyond, patience())
  }),

  clause('everybody who waits is woken when the checkpoint moves beyond', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    const waiters = Array.from({ length: 10 }, () => store.moved(HERE, 3n, patience()))
    await owner.commit(undefined, 4n)
    await Promise.all(waiters)
  }),

  clause('a move is not missed, whenever the waiting begins', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    for (let round = 0; round < 30; round++) {
      const before = owner.next
      const moving = owner.commit()
      for (let n = 0; n < round % 5; n++) await turn()
      await Promise.all([moving, until(() => store.checkpoint(HERE), before)])
    }
    async function until(checkpoint: () => Promise<bigint>, beyond: bigint): Promise<void> {
      while ((await checkpoint()) <= beyond) await store.moved(HERE, beyond, patience())
    }
  }),

  clauseWith('a second store', 'who waits is woken by a move through another store', async trial => {
    const store = await trial.open()
    const second = await trial.second(store)
    const owner = await Owner.of(store)
    for (let round = 0; round < 5; round++) {
      const waits = second.moved(HERE, owner.next, patience())
      await owner.commit()
      await waits
    }
  }),

  clause('waiting is called off quietly, before it begins and afterwards', async trial => {
    const store = await trial.open()
    const calling = new AbortController()
    const waits = store.moved(HERE, 0n, calling.signal)
    await turn()
    calling.abort()
    assert.equal(await waits, undefined)
    assert.equal(await store.moved(HERE, 0n, calling.signal), undefined)
    await (await Owner.of(store)).commit()
  }),

  clause('who waits while nothing moves is not sent to look all the time', async trial => {
    const store = await trial.open()
    const calling = new AbortController()
    const over = setTimeout(() => calling.abort(), 200)
    let looks = 0
    while (!calling.signal.aborted) {
      await store.moved(HERE, 0n, calling.signal)
      looks++
      await turn()
    }
    clearTimeout(over)
    assert(looks <= 20, `it was sent to look ${looks} times in 200 ms`)
  }),
]
