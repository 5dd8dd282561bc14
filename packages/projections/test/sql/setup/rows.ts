import {
  Column,
  Event,
  Key,
  Projection,
  RowProjection,
  Upsert,
  projectionInfo,
  rowCodec,
  type CheckpointKey,
  type ColumnType,
  type ReadModelStore,
  type Row,
  type RowProjectionDefinition,
} from '@hindcast/core'
import fc from 'fast-check'

class Noted extends Event('thing.noted') {}

/** A row with a column of every type, nullable and not. */
class EverythingRow {
  @Key() @Column('text') id!: string
  @Column('text') text!: string
  @Column('integer') integer!: number
  @Column('bigint') bigint!: bigint
  @Column('double precision') double!: number
  @Column('boolean') boolean!: boolean
  @Column('timestamptz') timestamptz!: Date
  @Column('jsonb') jsonb!: object
  @Column('uuid') uuid!: string
  @Column('text', { nullable: true }) maybeText!: string | null
  @Column('integer', { nullable: true }) maybeInteger!: number | null
  @Column('bigint', { nullable: true }) maybeBigint!: bigint | null
  @Column('double precision', { nullable: true }) maybeDouble!: number | null
  @Column('boolean', { nullable: true }) maybeBoolean!: boolean | null
  @Column('timestamptz', { nullable: true }) maybeTimestamptz!: Date | null
  @Column('jsonb', { nullable: true }) maybeJsonb!: object | null
  @Column('uuid', { nullable: true }) maybeUuid!: string | null
}

@Projection('everything', { version: 1, row: EverythingRow })
class Everything extends RowProjection<EverythingRow> {
  @Upsert(Noted) noted(row: EverythingRow | undefined) {
    return row ?? null
  }
}

export const everything = projectionInfo(Everything) as RowProjectionDefinition
export const codec = rowCodec(everything.row)
export const place: CheckpointKey = { projection: 'everything', version: 1, log: 'log-1', partition: 0 }

/** A row of nothing in particular. */
export const plainRow = {
  id: 'a',
  text: '',
  bigint: 0n,
  double: 0,
  boolean: false,
  timestamptz: new Date(0),
  jsonb: {},
  uuid: '00000000-0000-0000-0000-000000000000',
  maybeText: null,
  maybeInteger: null,
  maybeBigint: null,
  maybeDouble: null,
  maybeBoolean: null,
  maybeTimestamptz: null,
  maybeJsonb: null,
  maybeUuid: null,
}

const text = fc.string({ unit: 'binary' }).map(value => value.replaceAll('\0', ''))
const tricky = fc.constantFrom(
  '',
  'NULL',
  'null',
  '"',
  '\\',
  '{}',
  '{a,b}',
  ',',
  ' a ',
  "'",
  '\n',
  '\\x00',
  'é',
  '😀',
  '\u{10ffff}',
  '\u{ffff}',
)
const json = fc
  .jsonValue({ noUnicodeString: false })
  .filter(
    value =>
      typeof value === 'object' && value !== null && !JSON.stringify(value).includes(String.raw`\u0000`),
  )
  .map(value => JSON.parse(JSON.stringify(value)) as object)

/** Values of each column type, the edges among them. */
const values: { readonly [C in ColumnType]: fc.Arbitrary<unknown> } = {
  text: fc.oneof(text, tricky),
  integer: fc.oneof(fc.integer(), fc.constantFrom(-2_147_483_648, 2_147_483_647, 0)),
  bigint: fc.oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, 9_007_199_254_740_993n),
  ),
  'double precision': fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => value + 0),
    fc.constantFrom(Number.MAX_VALUE, Number.MIN_VALUE, 0.1 + 0.2, 1e21, 1e-7),
  ),
  boolean: fc.boolean(),
  timestamptz: fc.oneof(
    fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    }),
    fc.constantFrom(
      new Date('0001-01-01T00:00:00Z'),
      new Date('9999-12-31T23:59:59.999Z'),
      new Date(-1),
      new Date(1),
    ),
  ),
  jsonb: json,
  uuid: fc.uuid(),
}

/** Rows as folds give them. */
export const anyRow: fc.Arbitrary<Row> = fc
  .record(
    Object.fromEntries(
      everything.row.columns.map(({ name, type, nullable }) => [
        name,
        name === 'id'
          ? fc.oneof(text, tricky).filter(key => key !== '')
          : nullable
            ? fc.option(values[type], { nil: null })
            : values[type],
      ]),
    ),
  )
  .map(row => codec.check(row))

/** Makes and deletes rows in one transaction, as the owner of the place. */
export async function write(
  store: ReadModelStore,
  at: CheckpointKey,
  rows: readonly Row[],
  deletes: readonly string[] = [],
  shared = false,
): Promise<void> {
  const claim = await store.claim(at)
  const upserts = new Map(rows.map(row => [codec.keyOf(row), row]))
  await store.transact({ ...at, from: claim.next, epoch: claim.epoch, next: claim.next + 1n }, async tx => {
    const loaded = await tx.load([...upserts.keys(), ...deletes], { shared })
    await tx.save({ upserts, deletes: deletes.filter(key => loaded.has(key)) })
  })
}
