import { expectTypeOf, it } from 'vitest'
import {
  Column,
  Delete,
  Event,
  Insert,
  Project,
  Projection,
  RowProjection,
  Update,
  Upsert,
  type App,
  type EventMeta,
  type RowOf,
  type SqlTx,
} from '../../../src/index.js'
import { BalanceRow, Closed, Deposited, Opened, TotalRow } from '../bank.js'

/** The same shape as Deposited, and still another event. */
class Withdrawn extends Event('account.withdrawn') {
  cents!: number
}
declare const app: App

it('takes every kind of fold, with as many parameters as it needs', () => {
  @Projection('balances', { version: 1, row: BalanceRow })
  class Balances extends RowProjection<BalanceRow> {
    @Insert(Opened) opened(event: Opened, meta: EventMeta, key: string): BalanceRow {
      return { id: key, owner: event.owner + meta.key, cents: 0n }
    }
    @Update(Deposited) @Update(Withdrawn) moved(row: BalanceRow, event: Deposited | Withdrawn) {
      return event.cents === 0 ? null : row
    }
    @Delete(Closed) closed() {}
  }
  expectTypeOf<RowOf<Balances>>().toEqualTypeOf<BalanceRow>()
})

it('takes SQL projections, whose views only answer SQL', () => {
  @Projection('routes', { version: 1, tables: 'create table routes (id text primary key)' })
  class Routes {
    @Project(Opened) async opened(event: Opened, meta: EventMeta, sql: SqlTx) {
      const { rows, rowCount } = await sql.query<{ id: string }>('select id from routes where id = $1', [
        meta.key,
      ])
      expectTypeOf(rows).toEqualTypeOf<{ id: string }[]>()
      expectTypeOf(rowCount).toEqualTypeOf<number | null>()
      void event.owner
    }
    @Project(Closed) async closed() {}
  }
  void Routes
})

it('refuses a projection whose declaration and rows do not agree', () => {
  // @ts-expect-error a row projection names its row class
  @Projection('rowless', { version: 1 })
  class Rowless extends RowProjection<BalanceRow> {}
  // @ts-expect-error its rows are of another class
  @Projection('mixed_up', { version: 1, row: TotalRow })
  class MixedUp extends RowProjection<BalanceRow> {}
  // @ts-expect-error a row class is for a RowProjection
  @Projection('stray', { version: 1, row: BalanceRow })
  class Stray {}
  // @ts-expect-error a version is a number
  @Projection('versioned', { version: '1', row: BalanceRow })
  class Versioned extends RowProjection<BalanceRow> {}
  void [Rowless, MixedUp, Stray, Versioned]
})

it('refuses folds that do not fit', () => {
  class Bad extends RowProjection<BalanceRow> {
    // @ts-expect-error a row projection has no SQL
    @Project(Opened) async sql() {}
    // @ts-expect-error an update gets the row first
    @Update(Deposited) eventFirst(event: Deposited) {
      return { id: 'a', owner: 'a', cents: BigInt(event.cents) }
    }
    // @ts-expect-error an insert cannot give no row
    @Insert(Opened) nothing(): BalanceRow | null {
      return null
    }
    // @ts-expect-error the rows are of another class
    @Upsert(Deposited) other(): TotalRow {
      return { name: 'a', deposits: 1, cents: 1n }
    }
    // @ts-expect-error an event of equal shape is another event
    @Upsert(Deposited) withdrawn(row: BalanceRow | undefined, _: Withdrawn) {
      return row ?? null
    }
    // @ts-expect-error the key is found from this event, not from another
    @Delete(Closed, { key: (event: Opened) => event.owner }) closed() {}
  }
  class Sql {
    // @ts-expect-error the event comes first
    @Project(Opened) async swapped(_sql: SqlTx, _event: Opened) {}
  }
  void [Bad, Sql]
})

it('refuses columns whose property is of another type', () => {
  class Wrong {
    // @ts-expect-error a timestamp is a Date
    @Column('timestamptz') at!: string
    // @ts-expect-error a column that is not nullable holds no null
    @Column('text') note!: string | null
    // @ts-expect-error a column is never left out
    @Column('text') left?: string
    // @ts-expect-error a nullable column holds null, not undefined
    @Column('text', { nullable: true }) undefinedNote!: string | undefined
  }
  void Wrong
})

it('knows the rows of a view', async () => {
  class Totals extends RowProjection<TotalRow> {}
  const view = app.view(Totals)
  expectTypeOf(view.query<{ n: number }>('select 1')).resolves.toEqualTypeOf<readonly { n: number }[]>()
  const row = await view.get('a')
  // @ts-expect-error a row that may be missing
  void row.cents
  // @ts-expect-error the row has no such column
  void row?.owner
  // @ts-expect-error a SQL projection has no rows to get
  void app.view(BalanceRow).get('a')
})
