import { readModelStoreContract } from '@hindcast/testing'
import { afterAll, beforeAll, it } from 'vitest'
import type { Database } from '../../../src/driver/database.js'
import { SqlReadModelStore } from '../../../src/store/sql-read-model-store.js'
import { keptOpen, sqlSuite, type TestDatabase } from '../setup/databases.js'

sqlSuite('the contract of read-model stores', ({ make }) => {
  let made: TestDatabase
  let database: Database
  beforeAll(async () => {
    made = await make()
    database = await made.open()
  })
  afterAll(() => made[Symbol.asyncDispose]())

  const open = async (): Promise<SqlReadModelStore> => new SqlReadModelStore(keptOpen(database))
  const cases = readModelStoreContract({
    async open() {
      await made.empty()
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
