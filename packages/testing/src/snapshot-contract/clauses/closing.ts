import assert from 'node:assert/strict'
import { refusedWith } from '../../contract/refused.js'
import { clause, clauseWith, type SnapshotClause } from '../clause.js'
import { BUILD, holds, snapshotAt, STREAM } from '../samples.js'

/** How a store ends. */
export const closing: readonly SnapshotClause[] = [
  clause(
    'a closed store refuses to load, to look and to save, and closing it again does no harm',
    async trial => {
      const store = await trial.open()
      await store.save(snapshotAt(1))
      await store[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      await refusedWith('HC_STORE_CLOSED', () => store.load(STREAM, BUILD))
      await refusedWith('HC_STORE_CLOSED', () => store.fingerprints(STREAM))
      await refusedWith('HC_STORE_CLOSED', () => store.save(snapshotAt(2)))
    },
  ),

  clauseWith('reopen', 'of saves under way while a store closes, the acknowledged are there', async trial => {
    const store = await trial.open()
    const snapshots = Array.from({ length: 20 }, (_, i) => snapshotAt(i, { stream: `account-${i}` }))
    const saves = Promise.allSettled(snapshots.map(snapshot => store.save(snapshot)))
    const reopened = await trial.reopen(store)
    const outcomes = await saves
    const kept = snapshots.filter((_, i) => outcomes[i]!.status === 'fulfilled')
    assert(kept.length > 0, 'what was accepted before the store was closed must be kept')
    for (const snapshot of kept) await holds(reopened, snapshot)
  }),
]
