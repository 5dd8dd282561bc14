import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'
import { kafka } from '@hindcast/kafka-store'
import { expect, it } from 'vitest'
import { brokers, kafkaSuite, postgresSuite } from '../../../../test/servers/suites.js'
import { Add } from '../app/counter.js'
import { Totals } from '../app/totals.js'
import { add, Shop } from '../sql/shop.js'

const suite = brokers.length > 0 ? postgresSuite : kafkaSuite

suite('read models in PostgreSQL of a log on Kafka', () => {
  it('are looked at, mended, rebuilt, rolled back and released beside the running app', async () => {
    await using shop = await onKafka()
    await using app = await shop.app()
    await add(app, ['a', 1], ['b', 13], ['b', 2], ['c', 5])
    const status = await shop.place.hindcast('status', '--json')
    expect(status.stderr).toBe('')
    const rows = status.stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as Standing)
    expect(rows.map(({ partition }) => partition)).toEqual([0, 1])
    expect(rows.reduce((sum, { parked }) => sum + parked, 0)).toBe(2)
    for (const { owner } of rows) expect(owner).toMatch(new RegExp(`:${process.pid}$`))
    const [place = ''] = /\d:\d+/.exec((await shop.place.hindcast('parked', 'list')).stdout)!
    const shown = await shop.place.hindcast('parked', 'show', 'totals', place)
    expect(shown.stdout).toContain('data     {"count":13}')
    const drop = ['parked', 'drop', 'totals', 'b', '--reason', 'a test', '--yes']
    expect(await shop.place.hindcast(...drop)).toMatchObject({
      ...{ code: 0, stdout: 'folded 1, dropped 1, still parked 0\n' },
    })
    const rebuilt = await shop.place.hindcast('rebuild', 'totals', '--accept-differences')
    expect(rebuilt.code).toBe(0)
    expect(rebuilt.stdout).toContain('readers read totals version 1, schema totals_v1\n')
    expect(rebuilt.stderr).not.toContain('no worker')
    expect((await shop.place.hindcast('rollback', 'totals')).stdout).toMatch(
      /^readers read totals version 1 again/,
    )
    await add(app, ['a', 10])
    expect(await app.view(Totals).get('a')).toMatchObject({ total: 11 })
    expect((await shop.place.hindcast('release', 'totals', '--yes')).stdout).toMatch(
      /^dropped totals_v1_before/,
    )
    const doctor = await shop.place.hindcast('doctor')
    expect(doctor.stdout).toMatch(/ topic "[^"]+": retention\.ms: -1/)
    expect(doctor.stdout).toContain('PostgreSQL')
    expect(doctor.stdout).not.toMatch(/^wrong/m)
  })

  it('are rebuilt by the next one where a rebuild was killed, from where it was', async () => {
    await using shop = await onKafka()
    await using app = await shop.app()
    const all = Array.from({ length: 300 }, (_, n) => app.execute(`k${n % 5}`, Add.of({ count: 1 })))
    for (const { position } of (await Promise.all(all)).slice(-5))
      await app.view(Totals).get('nobody', { atLeast: position, timeoutMs: 60_000 })
    const running = await shop.place.start('rebuild', 'totals', '--max-events-per-second', '20')
    const half = `select from hindcast.checkpoints where schema = 'totals_v1_rebuild' and next > 10`
    await expect.poll(() => shop.query(half).catch(() => []), { timeout: 60_000 }).not.toEqual([])
    running.child.kill('SIGKILL')
    await running.ended
    await app.execute('k1', Add.of({ count: 100 }))
    // What it held is free ten seconds after its end.
    let again = await shop.place.hindcast('rebuild', 'totals')
    while (again.stderr.includes('HC_REBUILD_RUNNING')) {
      await sleep(1_000)
      again = await shop.place.hindcast('rebuild', 'totals')
    }
    expect(again.code).toBe(0)
    expect(again.stdout).toContain('table totals: 5 rows before, 5 after, identical')
    const [, passed] = /\n(\d+) records in .*, gone on from an interrupted rebuild/.exec(again.stdout)!
    expect(Number(passed)).toBeLessThan(300)
    expect(await shop.query('select id, total from read.totals order by id')).toEqual(
      [0, 1, 2, 3, 4].map(n => ({ id: `k${n}`, total: n === 1 ? 160 : 60 })),
    )
  })
})

interface Standing {
  readonly partition: number
  readonly parked: number
  readonly owner: string
}

function onKafka(): Promise<Shop> {
  const topic = `test-${randomUUID()}`
  const options = (dataDir: string): object => ({ brokers, topic, partitions: 2, dataDir })
  return Shop.make({
    text: `kafka(${JSON.stringify(options('./data/index'))})`,
    open: folder => kafka({ brokers: brokers!, topic, partitions: 2, dataDir: join(folder, 'data/index') }),
  })
}
