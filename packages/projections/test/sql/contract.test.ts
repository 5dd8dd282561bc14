import { readModelStoreContract } from '@hindcast/testing'
import { afterAll, beforeAll, it } from 'vitest'
import type { Database } from '../../src/driver/database.js'
import { SqlReadModelStore } from '../../src/store/sql-read-model-store.js'
import { sqlSuite, type TestDatabase } from './databases.js'

const SCHEMAS = `select string_agg(format('drop schema %I cascade', nspname), ';') from pg_namespace
where nspname not like 'pg\\_%' and nspname not in ('information_schema', 'public')`

sqlSuite('the contract of read-model stores', ({ make }) => {
  let made: TestDatabase
  let database: Database
  beforeAll(async () => {
    made = await make()
    database = await made.open()
  })
  afterAll(() => made[Symbol.asyncDispose]())

  const open = async (): Promise<SqlReadModelStore> => new SqlReadModelStore(kept(database))
  const cases = readModelStoreContract({
    async open() {
      await database.session(async session => {
        const [drops] = (await session.query(SCHEMAS)).rows
        if (drops?.[0]) await session.script(drops[0])
      })
      return open()
    },
    async reopen(store) {
      await store[Symbol.asyncDispose]()
      return open()
    },
    second: open,
    sql: true,
    timeoutMs: 50_000,
  })
  for (const { name, run } of cases) it(name, run)
})

/** The database, which the suite closes at its end, and no store before. */
function kept(database: Database): Database {
  return {
    name: database.name,
    shared: database.shared,
    session: work => database.session(work),
    line: () => database.line(),
    [Symbol.asyncDispose]: async () => undefined,
  }
}
