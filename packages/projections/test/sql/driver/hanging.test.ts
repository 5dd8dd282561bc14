import { afterEach, beforeEach, expect, it } from 'vitest'
import { postgresSuite } from '../../../../../test/servers/suites.js'
import { count, Entries, healthIn, Shop, Tally } from '../setup/apps.js'
import { makePostgres, type PostgresTestDatabase } from '../setup/databases.js'

postgresSuite('a database that does not answer', () => {
  let database: PostgresTestDatabase
  let shop: Shop
  beforeEach(async () => {
    database = await makePostgres()
    shop = await Shop.open(database)
  })
  afterEach(() => database[Symbol.asyncDispose]())

  it('does not keep health from answering: how a projection stands is unknown then', async () => {
    await using app = await shop.start([Tally, Entries])
    const position = await count(app, 'a')
    await app.view(Tally).get('a', { atLeast: position })
    await app.view(Entries).query('select 1', [], { atLeast: position })
    await healthIn(app, 'entries', 'live')
    const other = await database.open()
    await other.session(async session => {
      await session.script('begin; lock table hindcast.checkpoints in access exclusive mode')
      const probes = await Promise.all(Array.from({ length: 20 }, () => app.health()))
      for (const { live, ready, reasons, projections } of probes) {
        expect({ live, ready }).toEqual({ live: true, ready: true })
        expect(projections.map(({ state, checkpoint }) => ({ state, checkpoint }))).toEqual([
          { state: 'unknown', checkpoint: 2n },
          { state: 'unknown', checkpoint: 2n },
        ])
        expect(projections[0]!.error).toMatchObject({ code: 'HC_READ_MODEL_SILENT', retryable: true })
        expect(reasons[0]).toMatch(/cannot be asked how it stands .*within 2000 ms/)
      }
      const asking = await session.query(
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'select c.log%'",
      )
      expect(Number(asking.rows[0]![0])).toBeLessThanOrEqual(2)
      await session.script('rollback')
    })
    await healthIn(app, 'tally', 'live')
    await healthIn(app, 'entries', 'live')
    expect(await app.view(Tally).get('a', { atLeast: await count(app, 'a') })).toMatchObject({ count: 2 })
  })
})
