import assert from 'node:assert/strict'
import { LIMITS } from '@hindcast/core'
import { clause, clauseWith, type SnapshotClause } from '../clause.js'
import { BUILD, holds, holdsNone, namesBuilds, snapshotAt, STREAM } from '../samples.js'

const LONG_KEY = '\u6f22'.repeat(198)

/** What is kept of a stream. */
export const keeping: readonly SnapshotClause[] = [
  clause('a stream without a snapshot has none', async trial => {
    const store = await trial.open()
    await holdsNone(store, STREAM, BUILD)
    await store.save(snapshotAt(4))
    await holdsNone(store, 'account-acc-2', BUILD)
  }),

  clause('a snapshot comes back in every field', async trial => {
    const store = await trial.open()
    const first = snapshotAt(0, { lastEventId: 'ä'.repeat(LIMITS.maxIdLength), state: '{}' })
    await store.save(first)
    await holds(store, first)
    const far = snapshotAt(2 ** 47, { state: '{"text":"\\u0000 ünï \u{1F600} \\ud800","n": [1, null]}' })
    await store.save(far)
    await holds(store, far)
  }),

  clause('a state of the largest size comes back', async trial => {
    const store = await trial.open()
    const text = 'x'.repeat(LIMITS.maxSnapshotBytes - '{"text":""}'.length)
    const large = snapshotAt(7, { state: JSON.stringify({ text }) })
    await store.save(large)
    await holds(store, large)
  }),

  clause('a newer snapshot takes the place of an older one', async trial => {
    const store = await trial.open()
    for (const version of [3, 10, 200]) {
      await store.save(snapshotAt(version))
      await holds(store, snapshotAt(version))
    }
  }),

  clause('an older snapshot never takes the place of a newer one', async trial => {
    const store = await trial.open()
    await store.save(snapshotAt(256))
    for (const version of [255, 9, 0]) await store.save(snapshotAt(version))
    await holds(store, snapshotAt(256))
  }),

  clause('of snapshots saved at the same time the newest stays', async trial => {
    const store = await trial.open()
    const versions = Array.from({ length: 40 }, (_, i) => (i * 17) % 40)
    await Promise.all(versions.map(version => store.save(snapshotAt(version))))
    await holds(store, snapshotAt(39))
  }),

  clause('streams whose names are alike have snapshots of their own', async trial => {
    const store = await trial.open()
    const keys = ['1', '10', '1 ', '1-1', LONG_KEY, `${LONG_KEY}1`, `${LONG_KEY}2`]
    const snapshots = keys.map((key, i) => snapshotAt(i, { stream: `account-${key}` }))
    await Promise.all(snapshots.map(snapshot => store.save(snapshot)))
    for (const snapshot of snapshots) await holds(store, snapshot)
  }),

  clauseWith('reopen', 'what was saved is there after reopening', async trial => {
    const store = await trial.open()
    await store.save(snapshotAt(5))
    const reopened = await trial.reopen(store)
    await holds(reopened, snapshotAt(5))
    await reopened.save(snapshotAt(4))
    await holds(reopened, snapshotAt(5))
  }),

  clauseWith('second', 'a snapshot is there for another store on the same place', async trial => {
    const store = await trial.open()
    const other = await trial.second(store)
    await holdsNone(other, STREAM, BUILD)
    await namesBuilds(other, STREAM, [])
    await store.save(snapshotAt(5))
    await holds(other, snapshotAt(5))
    await namesBuilds(other, STREAM, [BUILD])
  }),

  clauseWith(
    'second',
    'an older snapshot of another store never takes the place of a newer one',
    async trial => {
      const store = await trial.open()
      const other = await trial.second(store)
      await store.save(snapshotAt(5))
      await other.save(snapshotAt(4))
      await holds(store, snapshotAt(5))
      assert.equal((await other.load(STREAM, BUILD))?.version, 5)
    },
  ),
]
