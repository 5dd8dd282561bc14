import assert from 'node:assert/strict'
import type { OwnerReport, ReadModelStore, Standing } from '@hindcast/core'
import { clause, clauseWith, type ReadModelClause } from '../clause.js'
import { HERE, Owner, placeOf } from '../owner.js'
import { parkedEvent } from '../parked.js'
import { COUNTERS, COUNTERS_ANEW } from '../projections.js'
import { turn } from '../time.js'

const LIVE: OwnerReport = { owner: 'host:1', state: 'live', eventsPerSecond: 12.5 }
const STOPPED: OwnerReport = {
  owner: 'höst:2',
  state: 'stopped',
  error: { code: 'HC_FOLD_FAILED', message: "it's '🚀'\nand more" },
  eventsPerSecond: 0,
}

/** Where a projection stands, for every process to see. */
export const standing: readonly ReadModelClause[] = [
  clause('the standing has every partition that was ever claimed, and no other', async trial => {
    const store = await trial.open(COUNTERS, COUNTERS_ANEW)
    assert.deepEqual(await placesOf(store), [])
    await store.checkpoint({ ...HERE, partition: 9 })
    const first = await Owner.of(store)
    await first.commit(tx => tx.park([parkedEvent(1n, 'a'), parkedEvent(2n, 'a')]), 5n)
    const other = await store.claim({ ...HERE, log: 'log-b', partition: 11 })
    await store.claim(placeOf(COUNTERS_ANEW, 2))
    assert.deepEqual(await placesOf(store), [
      { log: 'log-a', partition: 0, next: 5n, epoch: first.claim.epoch, parked: 2 },
      { log: 'log-b', partition: 11, next: 0n, epoch: other.epoch, parked: 0 },
    ])
    await first.commit(tx => tx.unpark([1n]))
    assert.deepEqual((await placesOf(store))[0], {
      log: 'log-a',
      partition: 0,
      next: 6n,
      epoch: first.claim.epoch,
      parked: 1,
    })
  }),

  clause('the standing has what the owner said last', async trial => {
    const store = await trial.open()
    const { epoch } = await store.claim(HERE)
    await store.claim({ ...HERE, partition: 1 })
    for (const report of [LIVE, STOPPED, LIVE]) {
      await store.report(HERE, epoch, report)
      const [here, there] = await inOrder(store)
      assert.deepEqual(here?.report, report)
      assert.equal(there?.report, undefined)
    }
  }),

  clause('the standing says how old the report is', async trial => {
    const store = await trial.open()
    const { epoch } = await store.claim(HERE)
    assert.equal((await inOrder(store))[0]?.reportAgeMs, undefined)
    await store.report(HERE, epoch, LIVE)
    const before = performance.now()
    const first = await ageOf(store)
    assert(first >= 0 && first < 10_000, `a report of now cannot be ${first} ms old`)
    const wanted = first + 50
    while (performance.now() - before < 100) await turn()
    const later = await ageOf(store)
    assert(later >= wanted, `after 100 ms it must be older than ${wanted} ms, not ${later} ms`)
    await store.report(HERE, epoch, LIVE)
    assert((await ageOf(store)) < later, 'a new report is younger')
  }),

  clause(
    'nothing is kept of what an older owner says, and nothing of it is left to the next',
    async trial => {
      const store = await trial.open()
      const old = await store.claim(HERE)
      assert.equal(await store.report(HERE, old.epoch, LIVE), true)
      const { epoch } = await store.claim(HERE)
      assert.equal((await inOrder(store))[0]?.report, undefined)
      assert.equal(await store.report(HERE, old.epoch, STOPPED), false)
      assert.equal((await inOrder(store))[0]?.report, undefined)
      assert.equal(await store.report(HERE, epoch, LIVE), true)
      assert.equal(await store.report(HERE, old.epoch, STOPPED), false)
      assert.deepEqual((await inOrder(store))[0]?.report, LIVE)
    },
  ),

  clause('a report moves nothing and fences nobody', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store)
    await owner.commit()
    await store.report(HERE, owner.claim.epoch, LIVE)
    assert.equal(await store.checkpoint(HERE), 1n)
    await owner.commit()
  }),

  clauseWith('a second store', 'any store shows what the owner in another one says', async trial => {
    const store = await trial.open()
    const second = await trial.second(store)
    const owner = await Owner.of(store)
    await store.report(HERE, owner.claim.epoch, STOPPED)
    await owner.commit()
    const [seen] = await inOrder(second)
    assert.deepEqual([seen?.next, seen?.report], [1n, STOPPED])
  }),
]

async function inOrder(store: ReadModelStore): Promise<readonly Standing[]> {
  const all = await store.standing(HERE)
  return all.toSorted((a, b) => (a.log === b.log ? a.partition - b.partition : a.log < b.log ? -1 : 1))
}

/** Without reports. */
async function placesOf(store: ReadModelStore): Promise<readonly object[]> {
  return (await inOrder(store)).map(({ log, partition, next, epoch, parked }) => ({
    log,
    partition,
    next,
    epoch,
    parked,
  }))
}

async function ageOf(store: ReadModelStore): Promise<number> {
  const age = (await inOrder(store))[0]?.reportAgeMs
  assert(age !== undefined, 'a report has an age')
  return age
}
