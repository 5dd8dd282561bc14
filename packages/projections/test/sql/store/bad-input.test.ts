import {
  Column,
  Key,
  park,
  Project,
  Projection,
  RowProjection,
  Upsert,
  type EventMeta,
  type SqlTx,
} from '@hindcast/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { postgresSuite } from '../../../../../test/servers/suites.js'
import { count, Counted, healthIn, Shop, Tally } from '../setup/apps.js'
import { makePostgres, sqlSuite } from '../setup/databases.js'

/** Enough for a handler that does end, on a busy machine too. */
const HANDLER_MS = 1_500

/** What the handler below does before it ends well. */
let misbehave: (sql: SqlTx) => Promise<unknown> = async () => undefined

@Projection('entries', {
  version: 1,
  tables: 'create table entries (counter text, n integer)',
  handlerTimeoutMs: HANDLER_MS,
})
class Entries {
  @Project(Counted) async counted({ what }: Counted, { key }: EventMeta, sql: SqlTx): Promise<void> {
    await sql.query('insert into entries values ($1, 1)', [key])
    if (what === 'bad') await misbehave(sql)
  }
}

@Projection('parking', {
  version: 1,
  tables: 'create table parking (counter text)',
  handlerTimeoutMs: HANDLER_MS,
  onFailure: park(),
})
class Parking {
  @Project(Counted) async counted({ what }: Counted, { key }: EventMeta, sql: SqlTx): Promise<void> {
    await sql.query('insert into parking values ($1)', [key])
    if (what === 'bad') await sql.query('select pg_sleep(600)')
  }
}

class WideRow {
  @Key() @Column('text') id!: string
  @Column('integer') n!: number
}
@Projection('wide', { version: 1, row: WideRow })
class Wide extends RowProjection<WideRow> {
  @Upsert(Counted) counted(_: WideRow | undefined, { what }: Counted, { key }: EventMeta): WideRow {
    return { id: key, n: what === 'bad' ? ('many' as unknown as number) : 1 }
  }
}

sqlSuite('an app with a bad handler', ({ make }) => {
  let shop: Shop
  beforeEach(async () => {
    shop = await Shop.open(await make())
  })
  afterEach(() => shop.database[Symbol.asyncDispose]())

  it.each([
    [
      'throws',
      async () => Promise.reject(new Error('no idea')),
      'HC_SQL_HANDLER_FAILED',
      /threw Error: no idea/,
    ],
    [
      'writes a wrong type',
      (sql: SqlTx) => sql.query('insert into entries values ($1, $2)', ['a', 'many']),
      'HC_SQL_HANDLER_FAILED',
      /invalid input syntax for type integer/,
    ],
    [
      'commits by itself',
      (sql: SqlTx) => sql.query('commit'),
      'HC_SQL_HANDLER_FAILED',
      /begins or ends a transaction/,
    ],
    [
      'never ends',
      () => new Promise(() => undefined),
      'HC_SQL_HANDLER_TIMEOUT',
      /did not end within 1500 ms/,
    ],
    [
      'loses its table',
      (sql: SqlTx) =>
        sql.query('drop table entries cascade').then(() => sql.query('insert into entries values (1)')),
      'HC_SQL_HANDLER_FAILED',
      /relation "entries" does not exist/,
    ],
  ] as const)(
    'that %s: it stops in front of the event, and goes on with mended code',
    async (_, bad, code, said) => {
      misbehave = bad
      await using app = await shop.start([Entries, Tally])
      await count(app, 'a')
      const last = await count(app, 'a', 'bad')
      const { error, checkpoint } = await healthIn(app, 'entries', 'stopped')
      expect(error).toMatchObject({ code, message: expect.stringMatching(said) as string })
      expect(checkpoint).toBe(2n)
      await expect(app.view(Entries).query('select 1', [], { atLeast: last })).rejects.toMatchObject({
        code: 'HC_PROJECTION_STOPPED',
      })
      expect(await app.view(Entries).query('select * from entries')).toEqual([{ counter: 'a', n: 1 }])
      expect(await app.view(Tally).get('a', { atLeast: last })).toMatchObject({ count: 2 })
      expect(await app.health()).toMatchObject({ live: true, ready: true })
      await app.stop()
      misbehave = async () => undefined
      await using mended = await shop.start([Entries, Tally])
      const atLeast = await count(mended, 'a')
      expect(await mended.view(Entries).query('select * from entries', [], { atLeast })).toHaveLength(3)
    },
  )

  it('that makes a row of a wrong type: it stops, and says which column', async () => {
    await using app = await shop.start([Wide])
    await count(app, 'a', 'bad')
    const { error } = await healthIn(app, 'wide', 'stopped')
    expect(error).toMatchObject({
      code: 'HC_ROW_VALUE',
      message: expect.stringMatching(/column n .*many/) as string,
    })
  })

  it('whose projection got another name: it is a new one, folded from the beginning, and the old tables stay', async () => {
    @Projection('renamed', { version: 1, tables: 'create table renamed_entries (counter text)' })
    class Renamed {
      @Project(Counted) async counted(_: Counted, { key }: EventMeta, sql: SqlTx): Promise<void> {
        await sql.query('insert into renamed_entries values ($1)', [key])
      }
    }
    await using before = await shop.start([Entries])
    await before.view(Entries).query('select 1', [], { atLeast: await count(before, 'a') })
    await before.stop()
    await using after = await shop.start([Renamed])
    const atLeast = await count(after, 'a')
    expect(await after.view(Renamed).query('select * from renamed_entries', [], { atLeast })).toHaveLength(2)
    expect(await after.view(Renamed).query('select * from entries_v1.entries')).toHaveLength(1)
  })

  it('whose checkpoint lies beyond the log: it stops, and says that the log lost its end', async () => {
    await using before = await shop.start([Entries])
    await before.view(Entries).query('select 1', [], { atLeast: await count(before, 'a') })
    await before.stop()
    await shop.byHand('update hindcast.checkpoints set next = 1000, moved_to = 1000')
    await using app = await shop.start([Entries])
    const { error } = await healthIn(app, 'entries', 'stopped')
    expect(error).toMatchObject({ code: 'HC_CHECKPOINT_BEYOND_LOG' })
    expect(await app.view(Entries).query('select * from entries')).toHaveLength(1)
  })
})

postgresSuite('a handler whose statement never ends', () => {
  it('is given up, and so is its statement: nothing waits for its locks', async () => {
    const database = await makePostgres()
    const shop = await Shop.open(database)
    await using app = await shop.start([Parking])
    await count(app, 'a', 'bad')
    const atLeast = await count(app, 'b')
    const read = app.view(Parking).query('select counter from parking', [], { atLeast, timeoutMs: 60_000 })
    expect(await read).toEqual([{ counter: 'b' }])
    expect(await app.parked(Parking).list()).toMatchObject([{ code: 'HC_SQL_HANDLER_TIMEOUT' }])
    await app.stop()
    await database[Symbol.asyncDispose]()
  })
})
