import { afterEach, beforeEach, expect, it } from 'vitest'
import type { App } from '@hindcast/core'
import { PostgresDatabase } from '../../../src/driver/postgres-database.js'
import { postgresAddress } from '../../../src/postgres-options.js'
import { count, Shop, Tally, TallyTenfold } from '../setup/apps.js'
import { postgresSuite } from '../../../../../test/servers/suites.js'
import { makePostgres, type PostgresTestDatabase } from '../setup/databases.js'
import { Proxy } from '../setup/proxy.js'

/** The whole message, and no isolation level that has the word in it. */
const COMMIT = '\u000Bcommit\0'

postgresSuite('a swap whose COMMIT is not answered', () => {
  let database: PostgresTestDatabase
  let proxy: Proxy
  let shop: Shop
  let app: App

  beforeEach(async () => {
    database = await makePostgres()
    proxy = await Proxy.to(new URL(database.url))
    const opened: PostgresDatabase[] = []
    const open = async (): Promise<PostgresDatabase> => {
      const through = new PostgresDatabase(postgresAddress(proxy.url(database.url)))
      opened.push(through)
      return through
    }
    shop = await Shop.open({ ...database, open }, 3)
    app = await shop.start([Tally, TallyTenfold])
    await app.view(TallyTenfold).get('a', { atLeast: await count(app, 'a') })
    await app.readModels.rebuild(TallyTenfold)
  })
  afterEach(async () => {
    await app.stop()
    proxy.close()
    await database[Symbol.asyncDispose]()
  })

  const rollback = (swallowed?: () => void): Promise<unknown> =>
    app.readModels.rollback('tally', {
      swapTimeoutMs: 1_000,
      onProgress: ({ phase }) => {
        if (phase === 'swapping') proxy.swallowAnswersTo(COMMIT, swallowed)
      },
    })

  it('is found to have happened: a roll-back that is done is not told as one that failed, and not done twice', async () => {
    let swallowed = 0
    const done = await rollback(() => {
      swallowed++
      proxy.swallowAnswersTo(undefined)
    })
    expect(swallowed).toBe(1)
    expect(done).toMatchObject({ version: 1, schema: 'tally_v1', kept: 'tally_v2' })
    expect(await shop.read('tally')).toEqual([['a', '1']])
    expect(await app.view(Tally).get('a', { atLeast: await count(app, 'a') })).toMatchObject({ count: 2 })
  })

  it('and nobody says what became of it: the error says so, and where to look', async () => {
    const readSince = (await app.readModels.versions()).find(({ role }) => role === 'active')!.since
    const failed = rollback(() => {
      proxy.swallowAnswersTo(undefined)
      proxy.refuse(true)
      proxy.cut()
    })
    await expect(failed).rejects.toMatchObject({
      code: 'HC_SWAP_OUTCOME_UNKNOWN',
      retryable: false,
      message: expect.stringMatching(/tally_v1.*versions/) as string,
    })
    proxy.refuse(false)
    await expect
      .poll(() => app.readModels.versions().catch(() => []))
      .toMatchObject([
        { schema: 'tally_v1', role: 'active' },
        { schema: 'tally_v2', role: 'kept' },
      ])
    await expect(app.readModels.rollback('tally', { readSince })).rejects.toMatchObject({
      code: 'HC_OPERATION_REFUSED',
      message: expect.stringMatching(/have read schema tally_v1 since .*the roll-back was done/) as string,
    })
    expect(await shop.read('tally')).toEqual([['a', '1']])
  })
})
