import { park, Project, Projection, type App, type EventMeta, type SqlTx } from '@hindcast/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { count, Counted, healthIn, Shop } from '../setup/apps.js'
import { sqlSuite } from '../setup/databases.js'

const TABLES = `create table once (counter text, what text, constraint no_two unique (what) deferrable initially deferred)`

/** A table that looks at the end of a transaction whether everything in it came once. */
@Projection('once', { version: 1, tables: TABLES, onFailure: park() })
class Parking {
  @Project(Counted) async counted({ what }: Counted, { key }: EventMeta, sql: SqlTx): Promise<void> {
    await sql.query('insert into once values ($1, $2)', [key, what])
  }
}

@Projection('once', { version: 1, tables: TABLES })
class Stopping {
  @Project(Counted) counted(event: Counted, meta: EventMeta, sql: SqlTx): Promise<void> {
    return new Parking().counted(event, meta, sql)
  }
}

sqlSuite('a constraint that is looked at when a transaction commits', ({ make }) => {
  let shop: Shop
  beforeEach(async () => {
    shop = await Shop.open(await make())
  })
  afterEach(() => shop.database[Symbol.asyncDispose]())

  const once = (app: App, projection: new () => object): Promise<unknown> =>
    app.view(projection).query('select counter, what from once order by what, counter')

  it('parks the event at fault, and no other, also in the middle of many', async () => {
    await using before = await shop.start([])
    for (const what of ['1', '2', '3']) await count(before, 'a', what)
    await count(before, 'bad', '2')
    for (const what of ['4', '5']) await count(before, 'a', what)
    await before.stop()
    await using app = await shop.start([Parking])
    const atLeast = await count(app, 'b', '6')
    await app.view(Parking).query('select 1', [], { atLeast })
    expect(await once(app, Parking)).toEqual(
      ['1', '2', '3', '4', '5', '6'].map(what => ({ counter: what === '6' ? 'b' : 'a', what })),
    )
    expect(await app.parked(Parking).list()).toMatchObject([
      {
        stream: 'counter-bad',
        code: 'HC_SQL_HANDLER_FAILED',
        message: expect.stringMatching(/counted left what a deferred constraint refuses.*"no_two"/) as string,
      },
    ])
  })

  it('stops the partition in front of the event at fault, where the policy says so', async () => {
    await using app = await shop.start([Stopping])
    await count(app, 'a', '1')
    const before = await count(app, 'a', '2')
    await count(app, 'bad', '2')
    await count(app, 'a', '3')
    const { error } = await healthIn(app, 'once', 'stopped')
    expect(error).toMatchObject({
      code: 'HC_SQL_HANDLER_FAILED',
      message: expect.stringMatching(/deferred constraint refuses.*"no_two"/) as string,
    })
    await app.view(Stopping).query('select 1', [], { atLeast: before })
    expect(await once(app, Stopping)).toEqual([
      { counter: 'a', what: '1' },
      { counter: 'a', what: '2' },
    ])
  })
})
