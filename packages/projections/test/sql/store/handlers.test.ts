import { Event, Project, Projection, projectionInfo, type CheckpointKey, type SqlTx } from '@hindcast/core'
import {
  Kysely,
  PostgresAdapter,
  PostgresDialect,
  PostgresQueryCompiler,
  type Generated,
  type PostgresPool,
} from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { SqlReadModelStore } from '../../../src/store/sql-read-model-store.js'
import { sqlSuite, type TestDatabase } from '../setup/databases.js'

class Flown extends Event('flight.flown') {}

@Projection('routes', {
  version: 1,
  tables: `
    create table legs (id bigint generated always as identity primary key, origin text not null, km integer not null);
    create index on legs (origin);
    create table totals (origin text primary key, flights bigint not null)`,
})
class Routes {
  @Project(Flown) async flown(): Promise<void> {}
}

interface Tables {
  legs: { id: Generated<bigint>; origin: string; km: number }
  totals: { origin: string; flights: bigint }
}

sqlSuite('handlers', kind => {
  let database: TestDatabase
  let store: SqlReadModelStore
  /** Another partition in each test. */
  let place: CheckpointKey = { projection: 'routes', version: 1, log: 'log-1', partition: 0 }

  beforeAll(async () => {
    database = await kind.make()
    store = new SqlReadModelStore(await database.open())
    await store.prepare(projectionInfo(Routes), ['log-1'])
  })
  beforeEach(async () => {
    place = { ...place, partition: place.partition + 1 }
    await handle(sql => sql.query('truncate legs, totals restart identity'))
    place = { ...place, partition: place.partition + 1 }
  })
  afterAll(async () => {
    await store[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })

  async function handle(work: (sql: SqlTx) => Promise<unknown>): Promise<unknown> {
    const { next: from, epoch } = await store.claim(place)
    return store.transact({ ...place, from, epoch, next: from + 1n }, async tx => {
      await work(tx.sql!)
    })
  }

  async function query(text: string, params: readonly unknown[] = []): Promise<readonly object[]> {
    return (await store.read(place, { kind: 'sql', text, params })).rows
  }

  it('find their tables by plain names, and get values without loss', async () => {
    await handle(async sql => {
      const made = await sql.query<{ id: bigint }>(
        'insert into legs (origin, km) values ($1, $2), ($1, $3) returning id',
        ['OSL', 500, 700],
      )
      expect(made).toEqual({ rows: [{ id: 1n }, { id: 2n }], rowCount: 2 })
      const total = await sql.query('insert into totals values ($1, $2)', ['OSL', 2n ** 62n])
      expect(total.rowCount).toBe(1)
    })
    expect(await query('select * from totals')).toEqual([{ origin: 'OSL', flights: 2n ** 62n }])
    expect(await query('select $1::int[] as list, now() > $2 as later', [[1, null, 3], new Date(0)])).toEqual(
      [{ list: [1, null, 3], later: true }],
    )
  })

  it('can be written with Kysely, as its own transaction or as a compiler', async () => {
    await handle(async sql => {
      const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: poolOf(sql) }) })
      await db.insertInto('legs').values({ origin: 'OSL', km: 500 }).execute()
      await db.insertInto('totals').values({ origin: 'OSL', flights: 1n }).execute()
      const found = await db.selectFrom('legs').selectAll().executeTakeFirstOrThrow()
      expect(found).toEqual({ id: 1n, origin: 'OSL', km: 500 })
    })
    const compiled = compiler.selectFrom('totals').where('flights', '>=', 1n).selectAll().compile()
    expect(await query(compiled.sql, compiled.parameters)).toEqual([{ origin: 'OSL', flights: 1n }])
  })

  it.each([
    'commit',
    ' ;; COMMIT',
    '-- all is well\ncommit and chain',
    '/* one /* two */ */ rollback',
    'begin',
    'start /* now */ transaction',
    'end',
    'abort',
    'savepoint a',
    'release a',
    'rollback to savepoint a',
    "prepare transaction 'x'",
    'set transaction isolation level serializable',
    'set session characteristics as transaction read only',
    'discard all',
  ])('cannot control the transaction: %s', async statement => {
    const refused = handle(async sql => {
      await sql.query('insert into legs (origin, km) values ($1, $2)', ['OSL', 1])
      await sql.query(statement).catch(() => undefined) // also where the handler does not care
    })
    await expect(refused).rejects.toMatchObject({ code: 'HC_SQL_TRANSACTION' })
    expect(await query('select * from legs')).toEqual([])
    expect(await store.checkpoint(place)).toBe(0n)
  })

  it.each(['insert into legs (origin, km) values (1, 1); commit; begin', 'do $$ begin commit; end $$'])(
    'cannot control the transaction by a detour: %s',
    async statement => {
      await expect(handle(sql => sql.query(statement))).rejects.toThrow(
        /multiple commands|invalid transaction termination/,
      )
      expect(await query('select * from legs')).toEqual([])
      expect(await store.checkpoint(place)).toBe(0n)
    },
  )

  it('are refused as a whole when they ignore that a statement failed', async () => {
    const ignoring = handle(async sql => {
      await sql.query('insert into legs (origin, km) values ($1, $2)', ['OSL', 1])
      await sql.query('insert into nothing values (1)').catch(() => undefined)
    })
    await expect(ignoring).rejects.toMatchObject({ code: 'HC_READ_MODEL_FAILED' })
    expect(await store.checkpoint(place)).toBe(0n)
    expect(await query('select * from legs')).toEqual([])
  })

  it('see the error of a statement as the database says it', async () => {
    const failing = handle(sql => sql.query('insert into legs (origin, km) values ($1, $2)', ['OSL', 'many']))
    await expect(failing).rejects.toMatchObject({ code: '22P02' })
  })

  it('that do not wait for a statement are refused, and nothing of it happens later', async () => {
    let late: Promise<unknown> = Promise.resolve()
    const hasty = handle(async sql => {
      late = sql.query('insert into legs (origin, km) select $1, 1 from generate_series(1, 50000)', ['OSL'])
      late.catch(() => undefined)
    })
    await expect(hasty).rejects.toMatchObject({ code: 'HC_SQL_NOT_AWAITED' })
    await late.catch(() => undefined)
    expect(await query('select count(*) from legs')).toEqual([{ count: 0n }])
    expect(await store.checkpoint(place)).toBe(0n)
  })

  it('cannot use the transaction after it has ended', async () => {
    let kept: SqlTx | undefined
    await handle(async sql => (kept = sql))
    await expect(kept!.query('insert into legs (origin, km) values (1, 1)')).rejects.toThrow(/ended/)
    expect(await query('select * from legs')).toEqual([])
  })

  it.each([
    "set search_path to public; select current_setting('search_path')",
    "set timezone to 'Asia/Tokyo'; select current_setting('timezone')",
    "set session statement_timeout to 1234; select current_setting('statement_timeout')",
    "select set_config('my.setting', 'left behind', false); select coalesce(current_setting('my.setting', true), '')",
    'set role pg_monitor; select current_user',
    'create temp table totals (a integer); select count(*) from totals',
    "select pg_advisory_lock(7); select count(*) from pg_locks where locktype = 'advisory' and objid = 7 and pid = pg_backend_pid()",
  ])('leave nothing on the connection for whoever uses it next: %s', async statements => {
    const [leave, look] = statements.split('; ') as [string, string]
    await handle(sql => sql.query("insert into totals values ('OSL', 1)"))
    const [before] = await query(look)
    await handle(async sql => {
      await sql.query(leave)
      expect((await sql.query(look)).rows[0]).not.toEqual(before)
    })
    expect(await query(look)).toEqual([before])
    await handle(async sql => expect((await sql.query(look)).rows[0]).toMatchObject(before!))
    expect(await query("select current_setting('timezone') as zone")).toEqual([{ zone: 'UTC' }])
  })

  it('leave nothing on the connection where they only read', async () => {
    await query("select set_config('my.setting', 'left behind', false), pg_advisory_lock(7)")
    const left =
      "select coalesce(current_setting('my.setting', true), '') as setting, (select count(*) from pg_locks where locktype = 'advisory' and objid = 7 and pid = pg_backend_pid()) as locks"
    expect(await query(left)).toEqual([{ setting: '', locks: 0n }])
  })

  it('are read in a transaction that can only read', async () => {
    await expect(query(`insert into legs (origin, km) values ('OSL', 1)`)).rejects.toThrow(/read-only/)
    await expect(query('commit')).rejects.toMatchObject({ code: 'HC_SQL_TRANSACTION' })
    await expect(query('select 1; commit; delete from legs')).rejects.toThrow(/multiple commands/)
    await expect(query('set transaction_read_only = off')).rejects.toThrow(/read-write mode/)
  })
})

const compiler = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => ({}) as never,
    createIntrospector: () => ({}) as never,
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

/** What Kysely needs of a pool: one connection, which is the handler's. */
function poolOf(sql: SqlTx): PostgresPool {
  const client = { query: sql.query.bind(sql), release: () => undefined }
  return { connect: async () => client, end: async () => undefined } as unknown as PostgresPool
}
