import assert from 'node:assert/strict'
import type { ProjectionDefinition } from '@hindcast/core'
import { clause, type ReadModelClause } from '../clause.js'
import { Owner, placeOf } from '../owner.js'
import { BIGINTS, BigintRow, COUNTERS, INTEGERS, IntegerRow, UUIDS, UuidRow } from '../projections.js'
import { allRows, counter, put, remove, rowAt, rowOf } from '../rows.js'
import type { ReadModelTrial } from '../trial.js'

/** Keys of every type: each names one row, and all rows come in their order. */
export const keys: readonly ReadModelClause[] = [
  clause('rows with text keys come in the order of code points', trial =>
    inOrder(
      trial,
      COUNTERS,
      ['!', '"', "'", '0', '10', '9', 'A', 'B', '\\', '_', 'a', 'a,b', 'b', '{a}', 'ä', '\uFFFD', '🚀'].map(
        id => counter(id),
      ),
    ),
  ),

  clause('rows with integer keys come in the order of their values', trial =>
    inOrder(
      trial,
      INTEGERS,
      [-2_147_483_648, -10, -9, 0, 2, 10, 2_147_483_647].map(id => rowOf(IntegerRow, { id })),
    ),
  ),

  clause('rows with bigint keys come in the order of their values', trial =>
    inOrder(
      trial,
      BIGINTS,
      [-(2n ** 63n), -10n, -9n, 0n, 9_007_199_254_740_992n, 9_007_199_254_740_993n, 2n ** 63n - 1n].map(id =>
        rowOf(BigintRow, { id }),
      ),
    ),
  ),

  clause('rows with uuid keys come in the order of their texts', trial =>
    inOrder(
      trial,
      UUIDS,
      [
        '00000000-0000-0000-0000-000000000000',
        '0190a6e2-7c1b-7def-8abc-0123456789ab',
        '9f000000-0000-4000-8000-000000000000',
        'a0000000-0000-4000-8000-000000000000',
        'ffffffff-ffff-ffff-ffff-ffffffffffff',
      ].map(id => rowOf(UuidRow, { id })),
    ),
  ),

  clause('a key of 500 characters is a key', trial =>
    inOrder(
      trial,
      COUNTERS,
      ['🚀', '東', 'x', 'a'].map(letter => counter(letter.repeat(500 / letter.length))).toReversed(),
    ),
  ),

  clause('reading a key that is no key of that type, or written differently, finds no row', async trial => {
    const store = await trial.open(INTEGERS, BIGINTS, UUIDS)
    const uuid = 'abcdef00-0000-4000-8000-000000000000'
    const there: readonly [
      ProjectionDefinition,
      { readonly id: string | number | bigint },
      readonly string[],
    ][] = [
      [INTEGERS, rowOf(IntegerRow, { id: 1 }), ['one', '', '01', ' 1', '+1', '1.0', '99999999999']],
      [BIGINTS, rowOf(BigintRow, { id: 1n }), ['one', '', '01', '1 ', '0x1', '99999999999999999999']],
      [UUIDS, rowOf(UuidRow, { id: uuid }), ['no-uuid', '', uuid.toUpperCase(), `{${uuid}}`]],
    ]
    for (const [projection, row, others] of there) {
      const here = placeOf(projection)
      await (await Owner.of(store, here)).commit(tx => put(tx, [row]))
      assert.deepEqual(await rowAt(store, String(row.id), here), [row])
      for (const other of others)
        assert.deepEqual(await rowAt(store, other, here), [], `${JSON.stringify(other)} is not that key`)
    }
  }),
]

type AnyRow = { readonly id: string | number | bigint }

/** Written in a wrong order, one is read by its key, all in theirs, and each can be deleted. */
async function inOrder(
  trial: ReadModelTrial,
  projection: ProjectionDefinition,
  rows: readonly AnyRow[],
): Promise<void> {
  const store = await trial.open(projection)
  const here = placeOf(projection)
  const owner = await Owner.of(store, here)
  await owner.commit(tx => put(tx, rows.toReversed()))
  assert.deepEqual(await allRows(store, here), rows)
  for (const row of rows) {
    assert.deepEqual(await rowAt(store, String(row.id), here), [row])
    await owner.commit(async tx => {
      const loaded = await tx.load([String(row.id)], { shared: true })
      assert.deepEqual([...loaded.keys()], [String(row.id)])
    })
  }
  await owner.commit(tx =>
    remove(
      tx,
      rows.slice(1).map(({ id }) => String(id)),
    ),
  )
  assert.deepEqual(await allRows(store, here), rows.slice(0, 1))
}
