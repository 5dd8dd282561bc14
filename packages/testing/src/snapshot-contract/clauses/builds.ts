import { SNAPSHOT_BUILDS } from '@hindcast/core'
import { clause, type SnapshotClause } from '../clause.js'
import { BUILD, holds, holdsNone, namesBuilds, snapshotAt, STREAM } from '../samples.js'

/** What builds keep beside each other. */
export const builds: readonly SnapshotClause[] = [
  clause('two builds keep snapshots of one stream side by side', async trial => {
    const store = await trial.open()
    const [old, next] = ['build-1', 'build-10']
    for (const version of [3, 8]) {
      await store.save(snapshotAt(version, { fingerprint: old }))
      await store.save(snapshotAt(version + 1, { fingerprint: next }))
    }
    await holds(store, snapshotAt(8, { fingerprint: old }))
    await holds(store, snapshotAt(9, { fingerprint: next }))
    await holdsNone(store, STREAM, 'build-100')
  }),

  clause('of a stream the builds that saved last are kept, and no more', async trial => {
    const store = await trial.open()
    const names = ['d', 'a', 'c', 'b', 'e', 'f']
    for (const fingerprint of names) await store.save(snapshotAt(1, { fingerprint }))
    const kept = names.slice(-SNAPSHOT_BUILDS)
    for (const fingerprint of kept) await holds(store, snapshotAt(1, { fingerprint }))
    for (const fingerprint of names.slice(0, -SNAPSHOT_BUILDS)) await holdsNone(store, STREAM, fingerprint)
  }),

  clause('a build that saves again is not the one to go', async trial => {
    const store = await trial.open()
    for (const fingerprint of ['a', 'b', 'c']) await store.save(snapshotAt(1, { fingerprint }))
    await store.save(snapshotAt(2, { fingerprint: 'a' }))
    await store.save(snapshotAt(1, { fingerprint: 'd' }))
    await holds(store, snapshotAt(2, { fingerprint: 'a' }))
    await holdsNone(store, STREAM, 'b')
  }),

  clause('builds of one stream do not make those of another go', async trial => {
    const store = await trial.open()
    await store.save(snapshotAt(1, { stream: 'account-1' }))
    for (const fingerprint of ['a', 'b', 'c', 'd'])
      await store.save(snapshotAt(1, { stream: 'account-10', fingerprint }))
    await holds(store, snapshotAt(1, { stream: 'account-1' }))
  }),

  clause('the builds of a stream are named, and not those of streams whose names are alike', async trial => {
    const store = await trial.open()
    await namesBuilds(store, 'account-1', [])
    for (const fingerprint of ['b', 'a', 'a-1']) {
      await store.save(snapshotAt(3, { stream: 'account-1', fingerprint }))
      await store.save(snapshotAt(4, { stream: 'account-1', fingerprint }))
    }
    await store.save(snapshotAt(1, { stream: 'account-10' }))
    await namesBuilds(store, 'account-1', ['a', 'a-1', 'b'])
    await namesBuilds(store, 'account-10', [BUILD])
    await namesBuilds(store, 'account', [])
  }),

  clause('a build that had to go is named no more', async trial => {
    const store = await trial.open()
    const saved = ['d', 'a', 'c', 'b']
    for (const fingerprint of saved) await store.save(snapshotAt(1, { fingerprint }))
    await namesBuilds(store, STREAM, saved.slice(-SNAPSHOT_BUILDS))
  }),
]
