import { setTimeout as sleep } from 'node:timers/promises'
import {
  Projection,
  RowProjection,
  Upsert,
  Column,
  Key,
  park,
  type App,
  type EventMeta,
} from '@hindcast/core'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { postgresSuite } from '../../../../../test/servers/suites.js'
import { count, Counted, Shop, Tally, TallyTenfold } from '../setup/apps.js'
import { makePostgres, until, type PostgresTestDatabase } from '../setup/databases.js'

class NamedRow {
  @Key() @Column('text') id!: string
  @Column('text') name!: string
}
/** Other columns than before. */
@Projection('tally', { version: 2, row: NamedRow })
class TallyNamed extends RowProjection<NamedRow> {
  @Upsert(Counted) counted(_: NamedRow | undefined, event: Counted, meta: EventMeta): NamedRow {
    return { id: meta.key, name: event.what }
  }
}
/** Cannot fold everything. */
@Projection('tally', { version: 2, row: NamedRow, onFailure: park() })
class TallyParking extends RowProjection<NamedRow> {
  @Upsert(Counted) counted(_: NamedRow | undefined, { what }: Counted, meta: EventMeta): NamedRow {
    if (what === 'bad') throw new Error('bad')
    return { id: meta.key, name: what }
  }
}

postgresSuite('a swap', () => {
  let database: PostgresTestDatabase
  let shop: Shop

  beforeEach(async () => {
    database = await makePostgres()
    shop = await Shop.open(database, 3)
  })
  afterEach(async () => {
    await database[Symbol.asyncDispose]()
  })

  async function client(): Promise<Client & AsyncDisposable> {
    const connected = new Client({ connectionString: database.url })
    await connected.connect()
    return Object.assign(connected, { [Symbol.asyncDispose]: () => connected.end() })
  }

  /** Counts one key up as fast as it can. */
  function load(app: App): AsyncDisposable & { readonly times: () => number } {
    let [over, times] = [false, 0]
    const counting = (async () => {
      for (; !over; times++) {
        await count(app, 'a')
        await sleep(1) // commands on a log in memory let nobody else have a turn
      }
    })()
    return {
      times: () => times,
      async [Symbol.asyncDispose]() {
        over = true
        await counting
      },
    }
  }

  /** Reads until it is disposed; nothing may fail, nothing may go back. */
  function reader(
    read: () => Promise<number>,
  ): AsyncDisposable & { readonly defects: string[]; readonly reads: () => number } {
    const defects: string[] = []
    let [over, last, reads] = [false, 0, 0]
    const reading = (async () => {
      while (!over) {
        try {
          const now = await read()
          reads++
          if (now < last) defects.push(`${last}, then ${now}`)
          last = now
        } catch (error) {
          defects.push(String(error))
        }
        await sleep(1)
      }
    })()
    return {
      defects,
      reads: () => reads,
      async [Symbol.asyncDispose]() {
        over = true
        await reading
      },
    }
  }

  it('and 19 more under load: no reader sees an error, or goes back in time, through view, class or SQL', async () => {
    await using app = await shop.start([Tally])
    await app.view(Tally).get('a', { atLeast: await count(app, 'a') })
    await using connection = await client()
    const readers = [
      reader(async () => {
        const { rows } = await connection.query<{ count: number }>(
          `select count from read.tally where id = 'a'`,
        )
        return rows[0]!.count
      }),
      reader(async () => (await app.view(Tally).get('a'))!.count),
      reader(async () => {
        const [row] = await app.view(Tally).query<{ count: number }>(`select count from tally where id = 'a'`)
        return row!.count
      }),
    ]
    const under = load(app)
    for (let swap = 0; swap < 20; swap++) {
      const { comparison } = await app.readModels.rebuild(Tally)
      expect(comparison?.first).toEqual([])
      const reads = readers.map(each => each.reads())
      await until(() => readers.every((each, i) => each.reads() > reads[i]! + 1 || each.defects.length > 0))
    }
    await under[Symbol.asyncDispose]()
    for (const each of readers) await each[Symbol.asyncDispose]()
    expect(readers.map(({ defects }) => defects)).toEqual([[], [], []])
    const atLeast = await count(app, 'a')
    expect(await app.view(Tally).get('a', { atLeast })).toMatchObject({ count: under.times() + 2 })
  })

  it('to and fro between two versions under load never shows less than was shown', async () => {
    await using app = await shop.start([Tally, TallyTenfold])
    await app.view(Tally).get('a', { atLeast: await count(app, 'a') })
    await app.readModels.rebuild(TallyTenfold)
    await using connection = await client()
    // How often was counted: the tenfold version counts ten for one.
    const watching = reader(async () => {
      const { rows } = await connection.query<{ count: number; tenfold: boolean }>(
        `select t.count, v.definition like '%tally_v2%' tenfold from read.tally t, pg_views v where v.schemaname = 'read' and v.viewname = 'tally' and t.id = 'a'`,
      )
      return rows[0]!.count / (rows[0]!.count % 10 === 0 && rows[0]!.tenfold ? 10 : 1)
    })
    const under = load(app)
    for (let swap = 0; swap < 10; swap++) await app.readModels.rollback(Tally)
    await under[Symbol.asyncDispose]()
    await watching[Symbol.asyncDispose]()
    expect(watching.defects).toEqual([])
  })

  it('against a reader who does not end is given up with his name, and is done when he has ended', async () => {
    await using app = await shop.start([Tally, TallyTenfold])
    await app.view(Tally).get('a', { atLeast: await count(app, 'a') })
    await using long = await client()
    await long.query(`set application_name = 'report of the month'; begin; select * from read.tally`)
    await expect(app.readModels.rebuild(TallyTenfold, { swapTimeoutMs: 1_500 })).rejects.toMatchObject({
      code: 'HC_SWAP_BLOCKED',
      retryable: true,
      message: expect.stringMatching(
        /process \d+ \(.*report of the month\) is idle in transaction for [\d.]+ s: .*read\.tally/,
      ),
    })
    expect(await shop.read('tally')).toEqual([['a', '1']])
    const atLeast = await count(app, 'a')
    await app.view(Tally).get('a', { atLeast })
    await long.query('commit')
    expect(await app.readModels.rebuild(TallyTenfold)).toMatchObject({ resumed: true, schema: 'tally_v2' })
    expect(await shop.read('tally')).toEqual([['a', '20']])
  })

  it('is one at a time: a second rebuild is refused by the name of the first, and workers say that they stand back', async () => {
    await using app = await shop.start([Tally, TallyTenfold])
    for (let time = 0; time < 30; time++) await count(app, 'a')
    const cancel = new AbortController()
    const first = app.readModels.rebuild(TallyTenfold, {
      fresh: true,
      maxEventsPerSecond: 10,
      signal: cancel.signal,
    })
    const failed = first.catch((error: unknown) => error)
    await expect.poll(async () => (await app.readModels.versions())[1]?.build?.running).toBe(true)
    await expect(app.readModels.rebuild(TallyTenfold)).rejects.toMatchObject({
      code: 'HC_REBUILD_RUNNING',
      message: expect.stringMatching(new RegExp(`by .*:${process.pid} since \\d`)),
    })
    await expect(app.readModels.release(Tally, { schema: 'tally_v2' })).rejects.toMatchObject({
      code: 'HC_REBUILD_RUNNING',
    })
    // A worker learns of it when it has something to fold.
    await count(app, 'a')
    await expect
      .poll(async () => {
        const { projections, ready } = await app.health()
        return ready && projections.some(each => each.version === 2 && each.state === 'rebuilding')
      })
      .toBe(true)
    cancel.abort()
    expect(await failed).toMatchObject({ name: 'AbortError' })
    expect(await app.view(TallyTenfold).get('a', { atLeast: await count(app, 'a') })).toMatchObject({
      count: 320,
    })
  })

  it('keeps the grants of a view whose columns change, and names what somebody made on top of it', async () => {
    await using app = await shop.start([Tally, TallyNamed])
    await app.view(Tally).get('a', { atLeast: await count(app, 'a', 'x') })
    await shop.byHand(
      'grant select on read.tally to public; create view public.mine as select count from read.tally',
    )
    await expect(app.readModels.rebuild(TallyNamed)).rejects.toMatchObject({
      code: 'HC_OPERATION_REFUSED',
      message: expect.stringMatching(/public\.mine is made on top of read\.tally/),
    })
    expect(await shop.read('tally')).toEqual([['a', '1']])
    await shop.byHand('drop view public.mine')
    const { comparison } = await app.readModels.rebuild(TallyNamed, { compare: true })
    expect(comparison).toMatchObject({
      differentRows: 0,
      tables: [
        { table: 'tally', addedColumns: ['name'], removedColumns: ['count'], rowsBefore: 1, rowsAfter: 1 },
      ],
    })
    expect(await shop.read('tally')).toEqual([['a', 'x']])
    expect(await shop.byHand(`select has_table_privilege('public', 'read.tally', 'select')`)).toEqual([['t']])
  })

  it('of a build that parks what was not parked before waits until that is accepted', async () => {
    await using app = await shop.start([Tally, TallyParking])
    await count(app, 'a', 'good')
    await app.view(Tally).get('b', { atLeast: await count(app, 'b', 'bad') })
    await expect(app.readModels.rebuild(TallyParking)).rejects.toMatchObject({
      code: 'HC_REBUILD_DIFFERS',
      leftOut: { parked: 1, skipped: 0 },
      message: expect.stringMatching(/1 event is parked that was not before/),
    })
    const result = await app.readModels.rebuild(TallyParking, { acceptDifferences: true })
    expect(result.leftOut).toEqual({ parked: 1, skipped: 0 })
    expect(await shop.read('tally')).toEqual([['a', 'good']])
  })
})
