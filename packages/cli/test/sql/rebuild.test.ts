import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Add } from '../app/counter.js'
import { Totals } from '../app/totals.js'
import { postgresSuite } from '../../../../test/servers/suites.js'
import { Shop } from './shop.js'

const EVENTS = 400

postgresSuite('hindcast rebuild on PostgreSQL, beside the running app', () => {
  it('swaps identical rows in, and what was read before can be read again and dropped', async () => {
    await using shop = await Shop.make()
    await using app = await filled(shop, 20)
    await expect.poll(() => shop.query('select 1 from hindcast.reports')).not.toEqual([])
    const rebuilt = await shop.place.hindcast('rebuild', 'totals')
    expect([rebuilt.code, rebuilt.stdout]).toEqual([
      0,
      expect.stringMatching(
        /^table totals: 5 rows before, 5 after, identical\nreaders read totals version 1, schema totals_v1\n/,
      ),
    ])
    expect(rebuilt.stderr).not.toContain('no worker')
    expect(await app.view(Totals).get('k1')).toMatchObject({ total: 4 })
    const versions = await shop.place.hindcast('versions', '--json')
    const standings = versions.stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as { readonly role: string; readonly since: string })
      .toSorted((a, b) => (a.role < b.role ? -1 : 1))
    expect(standings.map(({ role }) => role)).toEqual(['active', 'kept'])
    const once = ['rollback', 'totals', '--read-since', standings[0]!.since]
    expect(await shop.place.hindcast(...once)).toMatchObject({ code: 0 })
    const twice = await shop.place.hindcast(...once)
    expect(twice.code).not.toBe(0)
    expect(twice.stderr).toMatch(/HC_OPERATION_REFUSED .*the roll-back was done/)
    const released = await shop.place.hindcast('release', 'totals', '--yes')
    expect(released.stdout).toMatch(/^dropped totals_v1/)
    expect(await app.view(Totals).get('k1')).toMatchObject({ total: 4 })
  })

  it('ends by ctrl-C between two transactions, and the same command goes on to the same rows', async () => {
    await using shop = await Shop.make()
    await using app = await filled(shop, EVENTS)
    const running = await shop.place.start('rebuild', 'totals', '--max-events-per-second', '20')
    await running.printed('building')
    await begun(shop)
    running.child.kill('SIGINT')
    const { code, stdout, stderr } = await running.ended
    expect([code, stdout]).toEqual([130, ''])
    expect(stderr).toContain('HC_INTERRUPTED the rebuild of "totals" was interrupted; what was built stays')
    const { stdout: versions } = await shop.place.hindcast('versions')
    expect(versions).toMatch(/ building .*\n {4}rebuild by .*, interrupted/)
    await app.execute('k1', Add.of({ count: 100 }))
    const again = await shop.place.hindcast('rebuild', 'totals')
    expect(again.stderr).not.toContain('HC_')
    expect(again.code).toBe(0)
    expect(again.stdout).toContain('identical')
    expect(again.stdout).toContain('gone on from an interrupted rebuild')
    expect(await app.view(Totals).get('k1')).toMatchObject({ total: EVENTS / 5 + 100 })
  })

  it('is refused while another one runs, and names it', async () => {
    await using shop = await Shop.make()
    await using app = await filled(shop, EVENTS)
    expect(app.store.partitions).toBe(2)
    const running = await shop.place.start('rebuild', 'totals', '--max-events-per-second', '10')
    await running.printed('building')
    await begun(shop)
    const second = await shop.place.hindcast('rebuild', 'totals')
    expect(second.code).toBe(1)
    expect(second.stderr).toMatch(new RegExp(`HC_REBUILD_RUNNING .*:${running.child.pid} since `))
    running.child.kill('SIGINT')
    expect(await running.ended).toMatchObject({ code: 130 })
  })

  it('of rows that differ names the option that swaps them in, and versions says what it waits for', async () => {
    await using shop = await Shop.make()
    await using app = await filled(shop, 10)
    await shop.run("update totals_v1.totals set total = 99 where id = 'k1'")
    const refused = await shop.place.hindcast('rebuild', 'totals')
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(
      /HC_REBUILD_DIFFERS .* on the command line --accept-differences; to give it up/,
    )
    expect((await shop.place.hindcast('versions')).stdout).toMatch(
      / {4}rebuild by .*, built; it waits for the acceptance of 1 row that differs: hindcast rebuild totals --accept-differences swaps it in, hindcast release totals --schema totals_v1_rebuild drops it/,
    )
    const accepted = await shop.place.hindcast('rebuild', 'totals', '--accept-differences')
    expect(accepted.code).toBe(0)
    expect((await shop.place.hindcast('versions')).stdout).not.toContain('rebuild by')
    expect(await app.view(Totals).get('k1')).toMatchObject({ total: 2 })
  })

  it('copies the rows as of a time into a schema of its own, and again as of the cut that it printed', async () => {
    await using shop = await Shop.make()
    await using app = await filled(shop, 10)
    await sleep(5) // the next event is of a later millisecond
    const between = new Date()
    await sleep(5)
    await app.execute('k1', Add.of({ count: 1_000 }))
    const copied = await shop.place.hindcast(
      'rebuild',
      'totals',
      '--as-of',
      between.toISOString(),
      '--into',
      'then',
    )
    expect(copied).toMatchObject({ code: 0 })
    const [, cut = ''] = /up to (\S+)\n/.exec(copied.stdout)!
    expect(await shop.query('select id, total from "then".totals order by id')).toEqual(
      [0, 1, 2, 3, 4].map(n => ({ id: `k${n}`, total: 2 })),
    )
    const again = await shop.place.hindcast('rebuild', 'totals', '--as-of', cut, '--into', 'again')
    expect(again.stdout).toContain(`up to ${cut}\n`)
    const taken = await shop.place.hindcast('rebuild', 'totals', '--as-of', cut, '--into', 'totals_v1')
    expect(taken).toMatchObject({ code: 1, stdout: '' })
    expect(taken.stderr).toMatch(/^HC_SCHEMA_EXISTS /)
  })
})

/** The app of a shop that has counted so many times to one, on five keys. */
async function filled(shop: Shop, events: number) {
  const app = await shop.app()
  const all = Array.from({ length: events }, (_, n) => app.execute(`k${n % 5}`, Add.of({ count: 1 })))
  const executed = await Promise.all(all)
  for (const [n, { position }] of executed.slice(-5).entries())
    await app.view(Totals).get(`k${(events - 5 + n) % 5}`, { atLeast: position, timeoutMs: 60_000 })
  return app
}

/** Until something of the rebuild is committed. */
async function begun(shop: Shop): Promise<void> {
  await expect
    .poll(
      async () =>
        (await shop.query("select 1 from hindcast.checkpoints where schema like 'totals_v1_%' and next > 10"))
          .length,
    )
    .toBeGreaterThan(0)
}
