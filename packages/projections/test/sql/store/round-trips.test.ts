import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Fence, ReadModelTx, Row } from '@hindcast/core'
import { postgresSuite } from '../../../../../test/servers/suites.js'
import { PostgresDatabase } from '../../../src/driver/postgres-database.js'
import { postgresAddress } from '../../../src/postgres-options.js'
import { SqlReadModelStore } from '../../../src/store/sql-read-model-store.js'
import { makePostgres, type PostgresTestDatabase } from '../setup/databases.js'
import { Proxy } from '../setup/proxy.js'
import { codec, everything, place, plainRow } from '../setup/rows.js'

const KEYS = ['a', 'b']

postgresSuite('a transaction of rows', () => {
  let database: PostgresTestDatabase
  let proxy: Proxy
  let store: SqlReadModelStore
  let fence: Fence

  beforeEach(async () => {
    database = await makePostgres()
    proxy = await Proxy.to(new URL(database.url))
    store = new SqlReadModelStore(new PostgresDatabase(postgresAddress(proxy.url(database.url))))
    await store.prepare(everything, [place.log])
    const { next: from, epoch } = await store.claim(place)
    fence = { ...place, from, epoch, next: from + 1n }
  })
  afterEach(async () => {
    await store[Symbol.asyncDispose]()
    proxy.close()
    await database[Symbol.asyncDispose]()
  })

  const fold = (shared: boolean, deletes: readonly string[]) => async (tx: ReadModelTx) => {
    await tx.load(KEYS, { shared })
    const rows = KEYS.map(id => [id, codec.check({ ...plainRow, id, integer: 1 })] as const)
    await tx.save({ upserts: new Map<string, Row>(rows), deletes })
  }

  it('takes two round trips where one partition feeds them, however much it writes', async () => {
    const before = proxy.roundTrips
    expect(await store.transact(fence, fold(false, ['c']), { loadsFirst: KEYS })).toBe('committed')
    expect(proxy.roundTrips - before).toBe(2)
  })

  it('takes three round trips where they are locked', async () => {
    const before = proxy.roundTrips
    expect(await store.transact(fence, fold(true, []))).toBe('committed')
    expect(proxy.roundTrips - before).toBe(3)
  })
})
