import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  Column,
  Hindcast,
  Key,
  Projection,
  RowProjection,
  Upsert,
  type App,
  type EventMeta,
} from '@hindcast/core'
import { kafka } from '@hindcast/kafka-store'
import { afterAll, expect, it } from 'vitest'
import { brokers, kafkaSuite } from '../servers/suites.js'
import { Account, Deposit, Deposited } from './account.js'

class BalanceRow {
  @Key() @Column('text') account!: string
  @Column('integer') cents!: number
}

@Projection('balances', { version: 1, row: BalanceRow })
class Balances extends RowProjection<BalanceRow> {
  @Upsert(Deposited) deposited(row: BalanceRow | undefined, { cents }: Deposited, meta: EventMeta) {
    return { account: meta.key, cents: (row?.cents ?? 0) + cents }
  }
}

const folder = mkdtempSync(join(tmpdir(), 'hindcast-worker-app-'))

kafkaSuite('an app on Kafka with its workers apart', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('folds in one process what another one was commanded, and reads its own writes there', async () => {
    const topic = `test-${randomUUID()}`
    const start = (run: 'commands' | 'workers'): Promise<App> =>
      Hindcast.start({
        store: kafka({ brokers, topic, partitions: 4, dataDir: join(folder, run) }),
        aggregates: [Account],
        projections: [Balances],
        run,
        log: false,
      })
    await using commands = await start('commands')
    const before = await commands.execute('acc-1', Deposit.of({ cents: 5 }))
    await using workers = await start('workers')
    const balances = workers.view(Balances)
    expect(await balances.get('acc-1', { atLeast: before.position })).toEqual({ account: 'acc-1', cents: 5 })
    for (let n = 1; n <= 20; n++) {
      const { result, position } = await commands.execute('acc-1', Deposit.of({ cents: n }))
      expect((await balances.get('acc-1', { atLeast: position }))?.cents).toBe(result)
    }
    await expect(workers.execute('acc-1', Deposit.of({ cents: 1 }))).rejects.toMatchObject({
      code: 'HC_NOT_RUN_HERE',
    })
    expect((await workers.health()).projections.every(({ state }) => state === 'live')).toBe(true)
    expect(existsSync(join(folder, 'commands'))).toBe(true)
    expect(existsSync(join(folder, 'workers'))).toBe(false)
  })
})
