import assert from 'node:assert/strict'
import { clause, type ReadModelClause } from '../clause.js'
import { Owner, placeOf } from '../owner.js'
import { EVERYTHING, EverythingRow } from '../projections.js'
import { allRows, put, rowOf } from '../rows.js'
import type { ReadModelTrial } from '../trial.js'

const HERE = placeOf(EVERYTHING)
const EMPTY: Omit<EverythingRow, never> = {
  id: '',
  select: null,
  Order: null,
  user: null,
  theDouble: null,
  table: null,
  ORDER: null,
  _json: null,
  next: null,
}
const TEXTS = [
  '',
  ' ',
  'NULL',
  'null',
  '{}',
  '{a,b}',
  '"',
  '""',
  "it's",
  '\\',
  '\\\\"',
  'a,b',
  '(a)',
  'line\nbreak\r\n\ttab',
  '$1',
  '%s',
  'Zürich, 東京, 🚀',
  '\u0001\u007f\u2028',
  'x'.repeat(100_000),
]

/** Every column type gives back what it was given. */
export const columns: readonly ReadModelClause[] = [
  clause('text keeps every character', trial => keeps(trial, 'select', TEXTS)),

  clause('integer keeps whole numbers of 32 bits', trial =>
    keeps(trial, 'Order', [0, 1, -1, 42, 2_147_483_647, -2_147_483_648]),
  ),

  clause('bigint keeps whole numbers of 64 bits', trial =>
    keeps(trial, 'user', [0n, -1n, 9_007_199_254_740_993n, 2n ** 63n - 1n, -(2n ** 63n)]),
  ),

  clause('double precision keeps every finite number', trial =>
    keeps(trial, 'theDouble', [
      0,
      0.1,
      -1.5,
      1 / 3,
      1e21,
      123_456_789.123_456_79,
      Number.MAX_SAFE_INTEGER,
      Number.MAX_VALUE,
      Number.MIN_VALUE,
      Number.EPSILON,
    ]),
  ),

  clause('boolean keeps true and false', trial => keeps(trial, 'table', [true, false])),

  clause('timestamptz keeps dates of the years 1 to 9999, to the millisecond', trial =>
    keeps(
      trial,
      'ORDER',
      [
        '0001-01-01T00:00:00.000Z',
        '0099-12-31T23:59:59.999Z',
        '1582-10-10T12:00:00.000Z',
        '1969-12-31T23:59:59.999Z',
        '1970-01-01T00:00:00.000Z',
        '2024-02-29T23:59:59.001Z',
        '2026-03-29T01:30:00.120Z',
        '9999-12-31T23:59:59.999Z',
      ].map(text => new Date(text)),
    ),
  ),

  clause('jsonb keeps objects and arrays, whatever is in them', trial =>
    keeps(trial, '_json', [
      {},
      [],
      [null],
      [[1, [2, []]], { a: {} }],
      { text: TEXTS.slice(0, -1), 'odd "key"': 1, '': 2 },
      { numbers: [0, -1, 0.1, 1e21, 1e-7, Number.MAX_SAFE_INTEGER], yes: true, no: false, none: null },
      ['{', '}', '"', 'NULL'],
      { deep: { deep: { deep: { deep: ['🚀'] } } } },
    ]),
  ),

  clause('uuid keeps UUIDs in small letters', trial =>
    keeps(trial, 'next', [
      '00000000-0000-0000-0000-000000000000',
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
      '0190a6e2-7c1b-7def-8abc-0123456789ab',
    ]),
  ),

  clause('null is kept in a column of every type, beside rows with values', async trial => {
    const store = await trial.open(EVERYTHING)
    const full = rowOf(EverythingRow, {
      id: 'b',
      select: '',
      Order: 0,
      user: 0n,
      theDouble: 0,
      table: false,
      ORDER: new Date(0),
      _json: [],
      next: '00000000-0000-0000-0000-000000000000',
    })
    const rows = [
      rowOf(EverythingRow, { ...EMPTY, id: 'a' }),
      full,
      rowOf(EverythingRow, { ...EMPTY, id: 'c' }),
    ]
    await (await Owner.of(store, HERE)).commit(tx => put(tx, rows))
    assert.deepEqual(await allRows(store, HERE), rows)
  }),
]

/** Values of one column: read back by readers, by later transactions, and after reopening. */
async function keeps<C extends keyof EverythingRow>(
  trial: ReadModelTrial,
  column: C,
  values: readonly EverythingRow[C][],
): Promise<void> {
  const store = await trial.open(EVERYTHING)
  const rows = values.map((value, n) =>
    rowOf(EverythingRow, { ...EMPTY, id: String(n).padStart(3, '0'), [column]: value }),
  )
  const owner = await Owner.of(store, HERE)
  await owner.commit(tx => put(tx, rows))
  assert.deepEqual(await allRows(store, HERE), rows)
  await owner.commit(async tx => {
    const loaded = await tx.load(
      rows.map(({ id }) => id),
      { shared: false },
    )
    assert.deepEqual(
      rows.map(({ id }) => loaded.get(id)?.[column]),
      values,
    )
  })
  assert.deepEqual(await allRows(await trial.reopen(store, EVERYTHING), HERE), rows)
}
