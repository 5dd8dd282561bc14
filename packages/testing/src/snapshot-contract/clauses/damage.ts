import { refusedWith } from '../../contract/refused.js'
import { clauseWith, type SnapshotClause } from '../clause.js'
import { BUILD, holds, namesBuilds, snapshotAt, STREAM } from '../samples.js'

/** What comes of a snapshot whose bytes have changed. */
export const damage: readonly SnapshotClause[] = [
  clauseWith('damage', 'a damaged snapshot is refused, and the others are not', async trial => {
    const store = await trial.open()
    const other = snapshotAt(3, { fingerprint: 'other' })
    await store.save(snapshotAt(5))
    await store.save(other)
    await trial.damage(store, STREAM, BUILD)
    await refusedWith('HC_SNAPSHOT_DAMAGED', () => store.load(STREAM, BUILD))
    await holds(store, other)
  }),

  clauseWith(
    'damage',
    'the next snapshot takes the place of a damaged one, whatever its version',
    async trial => {
      const store = await trial.open()
      await store.save(snapshotAt(5))
      await trial.damage(store, STREAM, BUILD)
      await store.save(snapshotAt(2))
      await holds(store, snapshotAt(2))
    },
  ),

  clauseWith('damage', 'the build of a damaged snapshot is named, so that it can be found', async trial => {
    const store = await trial.open()
    await store.save(snapshotAt(5))
    await store.save(snapshotAt(3, { fingerprint: 'other' }))
    await trial.damage(store, STREAM, BUILD)
    await namesBuilds(store, STREAM, [BUILD, 'other'])
  }),
]
