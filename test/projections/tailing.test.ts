import { join } from 'node:path'
import { pglite, postgres } from '@hindcast/projections'
import { expect, it } from 'vitest'
import { Appenders } from './appenders.js'
import { OwnDatabase } from '../servers/own-database.js'
import { postgresSuite } from '../servers/suites.js'

postgresSuite('read models of an embedded log to which several processes append', server => {
  it('skip no event in PostgreSQL, with appenders that are stopped in the middle and an app that is restarted', async () => {
    await using database = await OwnDatabase.make(server)
    await using appenders = new Appenders(folder => ({ kind: 'lmdb', folder }))
    expect(await appenders.trial(postgres(database.url), { processes: 3, times: 400 })).toEqual([])
    expect(appenders.events).toBe(1_200)
  })

  it('skip no event in PGlite either', async () => {
    await using appenders = new Appenders(folder => ({ kind: 'lmdb', folder }))
    expect(
      await appenders.trial(pglite(join(appenders.folder, 'views')), { processes: 2, times: 200 }),
    ).toEqual([])
    expect(appenders.events).toBe(400)
  })
})
