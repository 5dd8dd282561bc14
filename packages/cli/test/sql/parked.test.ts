import { expect, it } from 'vitest'
import { trouble } from '../app/totals.js'
import { Totals } from '../app/totals.js'
import { postgresSuite } from '../../../../test/servers/suites.js'
import { add, Shop } from './shop.js'

postgresSuite('hindcast parked', () => {
  it('lists what is parked and shows one of it, beside the running app', async () => {
    await using shop = await Shop.make()
    await using app = await shop.app()
    await add(app, ['a', 1], ['b', 13], ['b', 2])
    const list = await shop.place.hindcast('parked', 'list')
    expect(list).toMatchObject({ code: 0, stderr: '' })
    const [, first, why, second] = list.stdout.split('\n')
    expect(first).toMatch(/^totals +\d:\d+ +counter-b 0 +counter\.added +"b" .* HC_FOLD_FAILED$/)
    expect(why).toContain('13 brings bad luck')
    expect(second).toMatch(/^totals +\d:\d+ +counter-b 1 +counter\.added +"b" .* HC_PARKED_BEHIND$/)
    const place = /\d:\d+/.exec(first!)![0]
    const show = await shop.place.hindcast('parked', 'show', 'totals', place)
    expect(show).toMatchObject({ code: 0, stderr: '' })
    expect(show.stdout).toContain('behind   1 later event of these keys')
    expect(show.stdout).toContain('data     {"count":13}')
    expect(show.stdout).toContain('today    Added { count: 13 }')
    const json = await shop.place.hindcast('parked', 'show', 'totals', place, '--json')
    expect(JSON.parse(json.stdout)).toMatchObject({
      ...{ projection: 'totals', version: 1, stream: 'counter-b', behind: 1, keys: ['b'] },
      recorded: { data: { count: 13 } },
    })
  })

  it('retries: what is mended is folded by the owner, what is not stays parked and the exit code says so', async () => {
    await using shop = await Shop.make()
    await using app = await shop.app()
    await add(app, ['b', 13], ['b', 2])
    const still = await shop.place.hindcast('parked', 'retry', 'totals', 'b')
    expect(still.code).toBe(1)
    expect(still.stdout).toMatch(
      /^folded 0, dropped 0, still parked 2\nthe first .* HC_FOLD_FAILED .*bad luck/,
    )
    using _ = mended()
    expect(await shop.place.hindcast('parked', 'retry', 'totals')).toMatchObject({
      ...{ code: 0, stdout: 'folded 2, dropped 0, still parked 0\n' },
    })
    expect(await app.view(Totals).get('b')).toMatchObject({ total: 15 })
  })

  it('drops only what is agreed to, with a record of the reason', async () => {
    await using shop = await Shop.make()
    await using app = await shop.app()
    await add(app, ['b', 13], ['b', 2])
    const drop = ['parked', 'drop', 'totals', 'b', '--reason', 'a typing error'] as const
    const asked = await shop.place.hindcast(...drop)
    expect(asked).toMatchObject({ code: 1, stdout: '' })
    expect(asked.stderr).toMatch(/^HC_NOT_CONFIRMED nothing was done\. .*\n .*counter-b 0[^]*--yes/)
    expect(await app.parked(Totals).list()).toHaveLength(2)
    expect(await shop.place.hindcast(...drop, '--yes')).toMatchObject({
      ...{ code: 0, stdout: 'folded 1, dropped 1, still parked 0\n' },
    })
    expect(await app.view(Totals).get('b')).toMatchObject({ total: 2 })
    expect(await app.parked(Totals).passed()).toMatchObject([{ why: 'dropped', reason: 'a typing error' }])
  })

  it('says that no owner is alive; the request is kept, and done when the app runs again', async () => {
    await using shop = await Shop.make()
    const app = await shop.app()
    await add(app, ['b', 13])
    await app.stop()
    await shop.run(`update hindcast.reports set reported_at = reported_at - interval '1 minute'`)
    const asked = await shop.place.hindcast('parked', 'drop', 'totals', 'b', '--reason', 'a test', '--yes')
    expect(asked.code).toBe(1)
    expect(asked.stderr).toMatch(
      /^partition \d has no living owner(?: \(.*is silent\))?: .*when an app with workers runs/,
    )
    expect(asked.stdout).toContain('asked, and not answered yet: partition')
    await using again = await shop.app()
    await expect.poll(() => again.parked(Totals).list()).toEqual([])
  })

  it.each([
    [['list', 'totls'], /^HC_PROJECTION_UNKNOWN .*Did you mean totals\?/],
    [['retry', 'totals', 'nobody'], /^HC_PARKED_UNKNOWN .*of key "nobody"; hindcast parked list totals/],
    [['show', 'totals', '0:7'], /^HC_PARKED_UNKNOWN .*at 0:7/],
  ])('refuses what is not there: parked %j', async (args, said) => {
    await using shop = await Shop.make()
    await (await shop.app()).stop()
    const { code, stdout, stderr } = await shop.place.hindcast('parked', ...args)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(said)
  })
})

/** The next release of the projection. */
function mended(): Disposable {
  const before = trouble.count
  trouble.count = -1
  return { [Symbol.dispose]: () => (trouble.count = before) }
}
