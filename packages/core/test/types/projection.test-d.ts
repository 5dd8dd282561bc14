import { expectTypeOf, it } from 'vitest'
import {
  Column,
  Delete,
  Event,
  Field,
  Insert,
  Key,
  Project,
  Projection,
  RowProjection,
  upcast,
  Update,
  Upsert,
  type App,
  type EventMeta,
  type Position,
  type SqlTx,
} from '@hindcast/core'
import { projectionScenario } from '@hindcast/testing'
import { Kysely } from 'kysely'

class Opened extends Event('account.opened') {
  owner!: string
}
class Deposited extends Event('account.deposited', { version: 3 }) {
  cents!: number
  currency!: string
}
/** The same shape as Deposited, and still another event. */
class Withdrawn extends Event('account.withdrawn') {
  cents!: number
  currency!: string
}
class Row {
  @Key() @Column('text') id!: string
  @Column('bigint') cents!: bigint
  @Column('timestamptz', { nullable: true }) closed!: Date | null
}
@Projection('balances', { version: 1, row: Row })
class Balances extends RowProjection<Row> {
  @Insert(Opened) opened(_: Opened, meta: EventMeta): Row {
    return { id: meta.key, cents: 0n, closed: null }
  }
  @Upsert(Deposited, { key: (event, meta) => [event.currency, meta.key] }) deposited(
    row: Row | undefined,
    _: Deposited,
  ) {
    return row ?? null
  }
}
declare const app: App
declare const position: Position

it('knows the rows of a view', () => {
  expectTypeOf(app.view(Balances).get('a')).resolves.toEqualTypeOf<Row | undefined>()
  expectTypeOf(app.view(Balances).all()).resolves.toEqualTypeOf<readonly Row[]>()
})

it('knows the rows of a query that a query builder has built, and takes one position or several', () => {
  const query = {
    compile: () => ({ sql: 'select 1', parameters: [] as readonly unknown[] }),
    execute: async () => [{ owners: 1n }],
  }
  expectTypeOf(app.view(Balances).query(query)).resolves.toEqualTypeOf<readonly { owners: bigint }[]>()
  expectTypeOf(app.view(Balances).query<{ n: number }>('select 1 n')).resolves.toEqualTypeOf<
    readonly { n: number }[]
  >()
  const kysely = new Kysely<{ balances: Row }>({ dialect: {} as never })
  const built = kysely.selectFrom('balances').select(['id', 'cents'])
  expectTypeOf(app.view(Balances).query(built, { atLeast: [position, position] })).resolves.toEqualTypeOf<
    readonly { id: string; cents: bigint }[]
  >()
  // @ts-expect-error a built query has its parameters
  void app.view(Balances).query(built, ['a'])
  // @ts-expect-error a position is no plain text
  void app.view(Balances).all({ atLeast: [position, 'shop/0:1'] })
})

it('refuses wrong columns, rows and events', () => {
  class Wrong {
    // @ts-expect-error a bigint column is no number
    @Column('bigint') cents!: number
    // @ts-expect-error a nullable column is typed as one
    @Column('text', { nullable: true }) note!: string
    // @ts-expect-error there is no such column type
    @Column('varchar') name!: string
  }
  class Bad extends RowProjection<Row> {
    // @ts-expect-error an upsert may meet no row
    @Upsert(Deposited) a(row: Row, _: Deposited) {
      return row
    }
    // @ts-expect-error an event of equal shape is another event
    @Update(Deposited) b(row: Row, _: Withdrawn) {
      return row
    }
    // @ts-expect-error an insert gives a whole row
    @Insert(Opened) c(_: Opened) {
      return { id: 'x' }
    }
    // @ts-expect-error folding is synchronous
    @Update(Deposited) async d(row: Row) {
      return row
    }
    // @ts-expect-error a key is text
    @Delete(Deposited, { key: (event: Deposited) => event.cents }) e() {}
  }
  class Sql {
    @Project(Deposited) async fine(_: Deposited, meta: EventMeta, sql: SqlTx) {
      await sql.query('insert into t values ($1)', [meta.key])
    }
    // @ts-expect-error SQL is asynchronous
    @Project(Deposited) sync(_: Deposited): void {}
  }
  void [Wrong, Bad, Sql]
})

it('refuses chains that do not end at today’s fields', () => {
  upcast(Deposited)
    .from<{ amount: number }>(1)
    .up(old => ({ cents: old.amount, currency: 'EUR' }))
    .done()
  const missing = upcast(Deposited)
    .from<{ amount: number }>(1)
    .up(old => ({ cents: old.amount }))
  // @ts-expect-error the currency is missing
  missing.done()
  const mistyped = upcast(Deposited)
    .from<{ amount: number }>(1)
    .up(old => ({ cents: `${old.amount}`, currency: 'EUR' }))
  // @ts-expect-error the field is of another type
  mistyped.done()
  const retired = upcast('account.gone').from<object>(1)
  // @ts-expect-error an event without a class is split or dropped
  retired.done()
  // @ts-expect-error a split gives events
  retired.split(() => [{ cents: 1 }])
})

it('refuses fields that are not what @Field says', () => {
  class Wrong {
    // @ts-expect-error a text is no Date
    @Field(Date) at!: string
    // @ts-expect-error a number is no bigint
    @Field(BigInt) big!: number
    // @ts-expect-error one row is no list
    @Field([Row]) rows!: Row
  }
  void Wrong
})

it('refuses scenarios of other rows', () => {
  // @ts-expect-error the row has other fields
  projectionScenario(Balances, { given: [], then: { a: { id: 'a', cents: 1 } } })
})
