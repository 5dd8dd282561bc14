import type { Claim, TransactResult } from '@hindcast/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Database, Session } from '../../../src/driver/database.js'
import { takeHold } from '../../../src/hold/hold.js'
import { dropSchema } from '../../../src/schema/drop-schema.js'
import { schemaName } from '../../../src/schema/names.js'
import { SqlReadModelStore } from '../../../src/store/sql-read-model-store.js'
import { sqlSuite, type TestDatabase } from '../setup/databases.js'
import { everything, place as first } from '../setup/rows.js'

/** Not what is read: that cannot be dropped. */
const coming = { ...everything, version: 2 }
const place = { ...first, version: 2 }

sqlSuite('a version that is dropped and made anew', ({ make }) => {
  let test: TestDatabase
  let database: Database
  let store: SqlReadModelStore
  let old: Claim

  beforeEach(async () => {
    test = await make()
    database = await test.open()
    store = new SqlReadModelStore(database)
    await store.prepare(everything, [place.log])
    await store.prepare(coming, [place.log])
    old = await store.claim(place)
    await inTransaction(session => dropSchema(session, place.projection, schemaName(place)))
    await store.prepare(coming, [place.log])
  })
  afterEach(() => test[Symbol.asyncDispose]())

  const inTransaction = (work: (session: Session) => Promise<unknown>): Promise<void> =>
    database.session(async session => {
      await session.script('begin')
      await work(session)
      await session.script('commit')
    })

  const goOn = ({ next, epoch }: Claim): Promise<TransactResult> =>
    store.transact({ ...place, from: next, epoch, next: next + 1n }, async () => undefined)

  it('is closed to the worker of before, who stands where it begins', async () => {
    const young = await store.claim(place)
    expect(young.next).toBe(old.next)
    expect(young.epoch).toBeGreaterThan(old.epoch)
    expect(await goOn(old)).toBe('fenced')
    expect(await goOn(young)).toBe('committed')
  })

  it('is closed to it also while it is held and nobody has claimed yet', async () => {
    const purpose = { kind: 'rebuild', owner: 'a test', wanted: {} } as const
    await inTransaction(session => takeHold(session, schemaName(place), purpose, [place]))
    expect(await goOn(old)).toBe('fenced')
  })
})
