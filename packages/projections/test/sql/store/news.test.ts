import { afterEach, beforeEach, expect, it } from 'vitest'
import { postgresSuite } from '../../../../../test/servers/suites.js'
import { SqlReadModelStore } from '../../../src/store/sql-read-model-store.js'
import { makePostgres, type PostgresTestDatabase } from '../setup/databases.js'
import { everything, place } from '../setup/rows.js'

const FORGED = [
  '',
  'nonsense',
  '/',
  '/7',
  `${'x'.repeat(7_000)}/1`,
  'everything_v1/log-1/0/-1',
  'everything_v1/log-1/0/1e9',
  'other_v1/log-1/0/99',
  `everything_v1/log-1/0/${'9'.repeat(100)}`,
]

postgresSuite('notifications of somebody else on our channel', () => {
  let database: PostgresTestDatabase
  let writer: SqlReadModelStore
  let reader: SqlReadModelStore
  beforeEach(async () => {
    database = await makePostgres()
    writer = new SqlReadModelStore(await database.open())
    reader = new SqlReadModelStore(await database.open())
    for (const store of [writer, reader]) await store.prepare(everything, [place.log])
  })
  afterEach(() => database[Symbol.asyncDispose]())

  it('show a reader nothing that is not there, and it is still woken by the news', async () => {
    const { next, epoch } = await writer.claim(place)
    const never = new AbortController().signal
    const opened = await database.open()
    const seen: bigint[] = []
    const waiting = (async () => {
      // As a view waits: told that the checkpoint may have moved, it looks, and waits again.
      for (;;) {
        await reader.moved(place, next, never)
        const { reached } = await reader.read(place, { kind: 'all' }, { ...place, offset: next })
        seen.push(reached!)
        if (reached! > next) return
      }
    })()
    for (const payload of FORGED)
      await opened.session(session => session.query('select pg_notify($1, $2)', ['hindcast_moved', payload]))
    await writer.transact({ ...place, from: next, epoch, next: next + 1n }, async () => undefined)
    await waiting
    expect(seen.at(-1)).toBe(next + 1n)
    expect(seen.slice(0, -1).every(reached => reached === next)).toBe(true)
    expect(await writer.checkpoint(place)).toBe(next + 1n)
  })
})
