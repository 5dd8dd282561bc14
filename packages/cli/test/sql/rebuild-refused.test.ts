import { Client } from 'pg'
import { expect, it } from 'vitest'
import { postgresSuite } from '../../../../test/servers/suites.js'
import { add, Shop } from './shop.js'

postgresSuite('what hindcast rebuild is asked for and cannot do', () => {
  it('is said with a code, and leaves nothing behind', async () => {
    await using shop = await Shop.make()
    await using app = await shop.app()
    await add(app, ['a', 1])
    const rebuild = (...args: readonly string[]) => shop.place.hindcast('rebuild', ...args)
    const refusals: readonly (readonly [readonly string[], RegExp])[] = [
      [['totls'], /^HC_PROJECTION_UNKNOWN .*Did you mean totals\?/],
      [
        ['totals', '--as-of', '2999-01-01', '--into', 'later'],
        /^HC_CUT .*is in the future; the last event is of 2/,
      ],
      [['totals', '--into', 'read'], /^HC_OPERATION_REFUSED .*"read" cannot be made/],
      [['totals', '--into', 'totals_v1'], /^HC_SCHEMA_EXISTS .*projection "totals" version 1/],
    ]
    for (const [args, said] of refusals) {
      const { code, stdout, stderr } = await rebuild(...args)
      expect([code, stdout]).toEqual([1, ''])
      expect(stderr).toMatch(said)
    }
    expect(await shop.query(`select schema, role from hindcast.projections`)).toEqual([
      { schema: 'totals_v1', role: 'active' },
    ])
    const before = await rebuild('totals', '--as-of', '1970-01-01', '--into', 'before')
    expect(before).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/up to 0:0,1:0\n0 records/) as string,
    })
  })

  it('against a reader that does not end: it names him and keeps what was built, and the same command swaps', async () => {
    await using shop = await Shop.make()
    await using app = await shop.app()
    await add(app, ['a', 1])
    const reader = new Client({ connectionString: shop.url, application_name: 'report of the month' })
    await reader.connect()
    try {
      await reader.query('begin; select * from read.totals')
      const blocked = await shop.place.hindcast('rebuild', 'totals', '--swap-timeout', '1000')
      expect([blocked.code, blocked.stdout]).toEqual([1, ''])
      expect(blocked.stderr).toMatch(
        /HC_SWAP_BLOCKED .*process \d+ \(.*report of the month\) is idle in transaction/,
      )
    } finally {
      await reader.end()
    }
    const again = await shop.place.hindcast('rebuild', 'totals')
    expect(again).toMatchObject({ code: 0 })
    expect(again.stdout).toContain('gone on from an interrupted rebuild')
  })
})
