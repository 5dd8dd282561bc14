import { park, Project, Projection, type App, type EventMeta, type SqlTx } from '@hindcast/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { postgresSuite } from '../../../../../test/servers/suites.js'
import { PostgresDatabase } from '../../../src/driver/postgres-database.js'
import { postgresAddress } from '../../../src/postgres-options.js'
import { count, Counted, healthIn, Shop } from '../setup/apps.js'
import { makePostgres, until, type PostgresTestDatabase } from '../setup/databases.js'
import { Proxy } from '../setup/proxy.js'

const DEADLY = 'select 1 as deadly'

/** What the method below does when an event says so. */
let trouble: () => string | undefined

/** Gives an event no second try. */
@Projection('lines', {
  version: 1,
  tables: 'create table lines (counter text, what text)',
  onFailure: park({ retries: 0 }),
  handlerTimeoutMs: 1_000,
})
class Lines {
  @Project(Counted) async counted({ what }: Counted, meta: EventMeta, sql: SqlTx): Promise<void> {
    const besides = what === 'trouble' ? trouble() : undefined
    if (besides !== undefined) await sql.query(besides)
    await sql.query('insert into lines values ($1, $2)', [meta.key, what])
  }
}

postgresSuite('an event whose method does not end in time', () => {
  let database: PostgresTestDatabase
  let proxy: Proxy
  let shop: Shop
  let app: App

  beforeEach(async () => {
    database = await makePostgres()
    proxy = await Proxy.to(new URL(database.url))
    const open = async (): Promise<PostgresDatabase> =>
      new PostgresDatabase(postgresAddress({ url: proxy.url(database.url), connectTimeoutMs: 2_000 }))
    shop = await Shop.open({ ...database, open })
    app = await shop.start([Lines])
    await app.view(Lines).query('select 1', [], { atLeast: await count(app, 'a', 'before') })
  })
  afterEach(async () => {
    proxy.fallSilent(false)
    proxy.cut()
    await app.stop()
    proxy.close()
    await database[Symbol.asyncDispose]()
  })

  const lines = async (): Promise<unknown> =>
    (await app.view(Lines).query('select what from lines')).map(({ what }) => what)

  it('is parked when its statement takes too long', async () => {
    trouble = () => 'select pg_sleep(60)'
    await count(app, 'a', 'trouble')
    await until(async () => (await app.parked(Lines).list()).length === 1)
    expect(await app.parked(Lines).list()).toMatchObject([{ code: 'HC_SQL_HANDLER_TIMEOUT' }])
    expect(await lines()).toEqual(['before'])
  })

  it.each([
    ['its connection is dead and others are not', false],
    ['nothing of the database is heard any more', true],
  ])('is innocent when %s: it is folded again', async (_, lasting) => {
    // It has a second try in any case, alone in a transaction.
    const most = lasting ? 1 : 2
    let troubles = 0
    trouble = () => {
      if (++troubles > most) return undefined
      if (lasting) proxy.fallSilent(true)
      else proxy.fallSilentAt(DEADLY)
      return DEADLY
    }
    const position = await count(app, 'a', 'trouble')
    if (lasting) {
      const { error } = await healthIn(app, 'lines', 'retrying')
      expect(error).toMatchObject({ code: 'HC_READ_MODEL_UNREACHABLE' })
      proxy.fallSilent(false)
      proxy.cut() // readers too find out at once
    }
    await until(
      async () =>
        (
          await app
            .view(Lines)
            .query('select 1')
            .catch(() => [])
        ).length > 0,
    )
    await app.view(Lines).query('select 1', [], { atLeast: position, timeoutMs: 30_000 })
    expect(await app.parked(Lines).list()).toEqual([])
    expect(await lines()).toEqual(['before', 'trouble'])
    expect(troubles).toBeGreaterThan(most)
  })
})
