import { afterAll, beforeAll, expect, it } from 'vitest'
import { postgresSuite } from '../../../../../test/servers/suites.js'
import { PostgresDatabase } from '../../../src/driver/postgres-database.js'
import { postgresAddress } from '../../../src/postgres-options.js'
import { SqlReadModelStore } from '../../../src/store/sql-read-model-store.js'
import { makePostgres, sqlSuite, type PostgresTestDatabase } from '../setup/databases.js'
import { everything, place } from '../setup/rows.js'

postgresSuite('a server that refuses', () => {
  let database: PostgresTestDatabase
  beforeAll(async () => {
    database = await makePostgres()
  })
  afterAll(() => database[Symbol.asyncDispose]())

  it('says which database is missing, and shows no password', async () => {
    const url = new URL(database.url)
    url.pathname = '/nowhere_to_be_found'
    url.password = 'very-secret'
    await using store = new SqlReadModelStore(new PostgresDatabase(postgresAddress(url.href)))
    const error = await store.prepare(everything, [place.log]).catch((thrown: unknown) => thrown as Error)
    expect(error).toMatchObject({ code: 'HC_READ_MODEL_REFUSED', retryable: false })
    expect((error as Error).message).toMatch(/nowhere_to_be_found.*Create the database/)
    expect((error as Error).message).not.toContain('very-secret')
  })

  it('is unreachable where nobody listens, and that may pass', async () => {
    await using store = new SqlReadModelStore(database.unreachable())
    await expect(store.prepare(everything, [place.log])).rejects.toMatchObject({
      code: 'HC_READ_MODEL_UNREACHABLE',
      retryable: true,
    })
  })
})

sqlSuite('tables that somebody changed', ({ make }) => {
  it('are refused at start, and at work', async () => {
    const database = await make()
    const opened = await database.open()
    const store = new SqlReadModelStore(opened)
    await store.prepare(everything, [place.log])
    await opened.session(session =>
      session.script('alter table everything_v1.everything drop column "maybeUuid" cascade'),
    )
    const changed = { code: 'HC_READ_MODEL_CHANGED', message: expect.stringContaining('maybeUuid') as string }
    await expect(store.prepare(everything, [place.log])).rejects.toMatchObject(changed)
    await opened.session(session => session.script('drop table everything_v1.everything cascade'))
    await expect(store.prepare(everything, [place.log])).rejects.toMatchObject({
      code: 'HC_READ_MODEL_CHANGED',
    })
    await expect(store.read(place, { kind: 'all' })).rejects.toMatchObject({ code: 'HC_READ_MODEL_CHANGED' })
    const mistyped = { kind: 'sql', text: 'select * from everythign', params: [] } as const
    await expect(store.read(place, mistyped)).rejects.toMatchObject({ code: 'HC_READ_MODEL_FAILED' })
    await database[Symbol.asyncDispose]()
  })
})
