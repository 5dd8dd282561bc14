import { expect, it } from 'vitest'
import { postgresSuite } from '../../../../test/servers/suites.js'
import { Workplace } from '../workplace.js'
import { add, Shop } from './shop.js'

const MADE = `select nspname as name from pg_namespace where nspname in ('hindcast', 'read') or nspname like 'totals%'`

it('verbs that only look make no folder for PGlite', async () => {
  await using place = await Workplace.make(`
import { lmdb } from '@hindcast/lmdb-store'
import { pglite } from '@hindcast/projections'
import { Counter } from './counter.js'
import { Totals } from './totals.js'
export default { store: lmdb('./data/log'), readModels: pglite('./data/views'), aggregates: [Counter], projections: [Totals] }
`)
  await (await place.app()).stop() // a log, and no read models
  const { code, stderr } = await place.hindcast('status')
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /^HC_READ_MODEL_FOLDER .*there are no read models in it; an app makes them when it starts/,
  )
  expect(await place.has('data/views')).toBe(false)
})

postgresSuite('verbs that only look', () => {
  it('make nothing in a database in which no app has been, and say so', async () => {
    await using shop = await Shop.make()
    await (await shop.place.app()).stop() // a log, and no read models
    const status = await shop.place.hindcast('status')
    expect(status.code).toBe(0)
    expect(status.stdout).toMatch(/totals +1 +0 +unowned +-/)
    expect(status.stdout).toMatch(
      /HC_READ_MODEL_MISSING .*no tables of projection "totals" version 1.* another database/,
    )
    expect(await shop.place.hindcast('versions')).toMatchObject({
      ...{ code: 0, stdout: '', stderr: 'there are no rows of any projection yet\n' },
    })
    const list = await shop.place.hindcast('parked', 'list')
    expect(list).toMatchObject({ code: 0, stdout: '' })
    expect(list.stderr).toMatch(/^.*no tables of projection "totals" version 1.*\nnothing is parked\n$/)
    const named = await shop.place.hindcast('parked', 'list', 'totals')
    expect([named.code, named.stderr]).toEqual([1, expect.stringMatching(/^HC_READ_MODEL_MISSING /)])
    for (const verb of ['rebuild', 'rollback'])
      expect(await shop.place.hindcast(verb, 'totals')).toMatchObject({
        ...{
          code: 1,
          stdout: '',
          stderr: expect.stringMatching(/HC_OPERATION_REFUSED .*(start an app|is kept)/),
        },
      })
    expect(await shop.query(MADE)).toEqual([])
  })

  it('need no right to write: usage of schema hindcast and select on its tables are enough', async () => {
    await using shop = await Shop.make()
    await using app = await shop.app()
    await add(app, ['a', 1], ['b', 13], ['b', 2])
    const role = await shop.strangerLooks()
    const { place: looker } = shop
    const refused = await looker.hindcast('status')
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toMatch(
      /^HC_READ_MODEL_REFUSED .*permission denied .*GRANT USAGE ON SCHEMA hindcast/,
    )
    await shop.run(`grant usage on schema hindcast to ${role};
      grant select on all tables in schema hindcast to ${role};
      alter role ${role} set default_transaction_read_only = on`)
    const status = await looker.hindcast('status')
    expect(status).toMatchObject({ code: 0, stderr: '' })
    expect(status.stdout).not.toContain('HC_')
    expect(status.stdout).toMatch(/totals +1 +\d +live/)
    const list = await looker.hindcast('parked', 'list')
    expect(list).toMatchObject({ code: 0, stderr: '' })
    const [place = ''] = /\d:\d+/.exec(list.stdout)!
    expect(await looker.hindcast('parked', 'show', 'totals', place)).toMatchObject({ code: 0, stderr: '' })
    const versions = await looker.hindcast('versions')
    expect(versions).toMatchObject({ code: 0, stderr: '' })
    expect(versions.stdout).toContain('totals_v1')
  })
})
