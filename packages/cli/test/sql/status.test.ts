import { hostname } from 'node:os'
import { postgres } from '@hindcast/projections'
import { describe, expect, it } from 'vitest'
import { Add } from '../app/counter.js'
import { Totals } from '../app/totals.js'
import { postgresSuite } from '../../../../test/servers/suites.js'
import { add, Shop } from './shop.js'

postgresSuite('hindcast status', () => {
  it('tells beside the running app how each partition stands, and who folds it', async () => {
    await using shop = await Shop.make()
    await using app = await shop.app()
    await add(app, ['a', 1], ['b', 13], ['b', 2])
    const { code, stdout, stderr } = await shop.place.hindcast('status')
    expect([code, stderr]).toEqual([0, ''])
    const [heading, ...rows] = stdout.trimEnd().split('\n')
    expect(heading!.split(/ {2,}/)).toEqual([
      ...['projection', 'version', 'partition', 'state', 'owner', 'lag', 'lag (s)', 'parked', 'ev/s'],
    ])
    const me = `${hostname()}:${process.pid}`
    const cells = rows.map(row => row.split(/ {2,}/))
    expect(cells.map(row => row.slice(0, 3))).toEqual([0, 1].map(p => ['totals', '1', String(p)]))
    for (const row of cells) {
      expect(row[3]).toMatch(/^(live|catching-up)$/)
      expect(row.slice(4, 7)).toEqual([me, '0', '0.0'])
    }
    expect(cells.map(row => Number(row[7])).toSorted((a, b) => a - b)).toEqual([0, 2])
  })

  it('tells without a running app how far behind the rows are, in events and seconds', async () => {
    await using shop = await Shop.make()
    await (await shop.app()).stop()
    await using app = await shop.place.app() // takes commands, and folds nothing
    await app.execute('a', Add.of({ count: 1 }))
    const { stdout } = await shop.place.hindcast('status', '--json')
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as { lagEvents: number; lagMs: number; end: string; checkpoint: string })
    expect(rows).toHaveLength(2)
    const behind = rows.find(({ lagMs }) => lagMs > 0)!
    expect(behind.lagMs).toBeLessThan(60_000)
    expect(behind.lagEvents).toBe(Number(BigInt(behind.end) - BigInt(behind.checkpoint)))
  })

  it('says what to do where nobody folds, before an app with workers is there and after it is gone', async () => {
    await using shop = await Shop.make()
    const readModels = postgres(shop.url)
    const parts = { readModels, projections: [Totals] } as const
    await using app = await shop.place.app({ ...parts, run: 'commands' }) // it has made the tables
    await app.execute('a', Add.of({ count: 1 }))
    const early = await shop.place.hindcast('status')
    expect(early.stdout).toMatch(/totals +1 +0 +unowned +- .*\ntotals +1 +1 +unowned +- /)
    expect(early.stderr).toMatch(
      /^unowned: nobody folds 2 partitions\. .* look again, or --watch\. .*hindcast run\n$/,
    )
    expect(early.code).toBe(0)
    expect(await shop.place.hindcast('status', '--json')).toMatchObject({ code: 0, stderr: '' })

    await (await shop.app()).stop()
    await shop.run(
      "update hindcast.reports set reported_at = reported_at - interval '1 minute' where partition = 1",
    )
    await shop.run('delete from hindcast.reports where partition = 0')
    const late = await shop.place.hindcast('status')
    expect(late.stdout).toMatch(/totals +1 +0 +unowned +- .*\ntotals +1 +1 +silent +\S+:\d+ /)
    expect(late.stderr).toMatch(
      /^unowned: nobody folds 1 partition\. .*\nsilent: who folded 1 partition has said nothing for 15 seconds/,
    )
  })

  it('tells it again and again until ctrl-C when it watches', async () => {
    await using shop = await Shop.make()
    await using app = await shop.app()
    const watching = await shop.place.start('status', '--watch', '--json')
    await watching.printed('"checkpoint"')
    await add(app, ['a', 1], ['b', 13])
    await watching.printed('"parked":1')
    watching.child.kill('SIGINT')
    expect(await watching.ended).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('read models in PGlite', () => {
  it('are told of and rebuilt where no app runs; beside one it says to stop it', async () => {
    await using place = await Shop.withPglite()
    const running = await place.start('run')
    await running.printed('started in')
    for (const verb of [['status'], ['rebuild', 'totals']]) {
      const beside = await place.hindcast(...verb)
      expect(beside).toMatchObject({ code: 1, stdout: '' })
      expect(beside.stderr).toMatch(
        new RegExp(`^HC_READ_MODEL_IN_USE .*by process ${running.child.pid}\\. Stop it, or use postgres`),
      )
    }
    running.child.kill('SIGTERM')
    await running.ended
    const alone = await place.hindcast('status')
    expect(alone.code).toBe(0)
    expect(alone.stdout).toContain('totals')
    const rebuilt = await place.hindcast('rebuild', 'totals')
    expect(rebuilt.stdout).toMatch(
      /^table totals: 0 rows before, 0 after, identical\nreaders read totals version 1/,
    )
    expect(rebuilt.code).toBe(0)
  })
})

describe('looking at read models', () => {
  it.each([['status'], ['parked', 'list']])(
    'is refused where the app keeps them in memory: %s %s',
    async (...verb) => {
      await using place = await Shop.withPglite()
      await place.write('hindcast.config.ts', MEMORY)
      const { code, stderr } = await place.hindcast(...verb.filter(Boolean))
      expect(code).toBe(1)
      expect(stderr).toMatch(/^HC_NO_READ_MODELS .*readModels: postgres\(url\)/)
    },
  )
})

const MEMORY = `
import { lmdb } from '@hindcast/lmdb-store'
export default { store: lmdb('./data/log'), aggregates: [] }
`
