import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { UnattendedDiagnostic } from '@hindcast/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { postgresSuite } from '../../../../../test/servers/suites.js'
import { count, Shop, Tally, TallyTenfold } from '../setup/apps.js'
import { makePostgres, until, type PostgresTestDatabase } from '../setup/databases.js'

postgresSuite('a version that readers are given', () => {
  let database: PostgresTestDatabase
  let shop: Shop
  const told: UnattendedDiagnostic[] = []
  const hear = (message: unknown): void => void told.push(message as UnattendedDiagnostic)

  beforeEach(async () => {
    database = await makePostgres()
    shop = await Shop.open(database, 2)
    told.length = 0
    subscribe('hindcast:projections:unattended', hear)
  })
  afterEach(async () => {
    unsubscribe('hindcast:projections:unattended', hear)
    await database[Symbol.asyncDispose]()
  })

  it('and nobody folds is told of, also when it was built a moment ago by a process that goes', async () => {
    await using workers = await shop.start([Tally], { run: 'workers' })
    await using app = await shop.start([Tally, TallyTenfold], { run: 'commands' })
    await workers.view(Tally).get('a', { atLeast: await count(app, 'a') })
    const interrupted = new AbortController()
    await app.readModels
      .rebuild(TallyTenfold, { signal: interrupted.signal, onProgress: () => interrupted.abort() })
      .catch(() => undefined)
    expect(await app.readModels.rebuild(TallyTenfold)).toMatchObject({ version: 2, attended: false })
    expect(told).toMatchObject([{ projection: 'tally', version: 2 }])
    // A worker that was fenced by the swap comes back when it has something to fold.
    await count(app, 'a')
    await until(async () =>
      (await app.health()).projections.some(({ version, state }) => version === 1 && state === 'live'),
    )
    expect(await app.readModels.rollback(Tally)).toMatchObject({ version: 1, attended: true })
    expect(told).toHaveLength(1)
  })

  it('and this app folds is not', async () => {
    await using app = await shop.start([Tally, TallyTenfold])
    await count(app, 'a')
    expect(await app.readModels.rebuild(TallyTenfold)).toMatchObject({ attended: true })
    expect(told).toEqual([])
  })
})
