import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  Aggregate,
  AggregateRoot,
  Apply,
  Column,
  Command,
  Event,
  Handle,
  Hindcast,
  Key,
  partitionOf,
  Projection,
  RowProjection,
  Upsert,
  type App,
  type EventMeta,
} from '@hindcast/core'
import { kafka } from '@hindcast/kafka-store'
import { IsInt, IsString } from 'class-validator'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { canRunJava, runSource, runTool } from './run-java.js'
import { brokers, describeWhere } from '../../servers/suites.js'

class Deposited extends Event('account.deposited') {
  @IsInt() cents!: number
  @IsString() note!: string
}
class Deposit extends Command('account.deposit') {
  @IsInt() cents!: number
  @IsString() note!: string
}

@Aggregate('account')
class Account extends AggregateRoot<Deposited> {
  @Handle(Deposit) deposit({ cents, note }: Deposit) {
    this.emit(Deposited, { cents, note })
  }
  @Apply(Deposited) deposited() {}
}

class CountRow {
  @Key() @Column('text') account!: string
  @Column('integer') deposits!: number
}

@Projection('counts', { version: 1, row: CountRow })
class Counts extends RowProjection<CountRow> {
  @Upsert(Deposited, { key: (_, meta) => meta.stream })
  deposited(row: CountRow | undefined, _: Deposited, meta: EventMeta): CountRow {
    return { account: meta.stream, deposits: (row?.deposits ?? 0) + 1 }
  }
}

const PARTITIONS = 4
const EVENTS = 500
const ACCOUNTS = 37
const KEYS = 20_000
const javaSuite = describeWhere(brokers.length > 0 && (await canRunJava()))
const folder = mkdtempSync(join(tmpdir(), 'hindcast-java-'))
const topic = `bank-${randomUUID()}`
let app: App

javaSuite('Apache Kafka’s own Java', () => {
  beforeAll(async () => {
    app = await Hindcast.start({
      store: kafka({ brokers, topic, dataDir: join(folder, 'index'), partitions: PARTITIONS }),
      aggregates: [Account],
      projections: [Counts],
      log: false,
    })
    const deposit = (n: number) =>
      app.execute(`konto-ä-${(n * n) % ACCOUNTS}`, Deposit.of({ cents: n, note: 'für Ölfarbe “№ 7”' }), {
        actor: 'ann',
        tenant: 'north',
      })
    await Promise.all(Array.from({ length: EVENTS }, (_, n) => deposit(n)))
  })
  afterAll(async () => {
    await app?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it(
    'prints the events with CloudEvents headers, key and JSON in its console consumer',
    { timeout: 240_000 },
    async () => {
      // Each partition begins with a genesis record.
      const records = EVENTS + PARTITIONS
      const printed = await runTool('org.apache.kafka.tools.consumer.ConsoleConsumer', [
        ...['--bootstrap-server', brokers.join(','), '--topic', topic, '--from-beginning'],
        ...['--max-messages', String(records), '--timeout-ms', '30000'],
        ...['--property', 'print.headers=true', '--property', 'print.key=true'],
      ])
      const lines = printed
        .trim()
        .split('\n')
        .filter(line => line.includes('ce_type'))
      expect(lines).toHaveLength(records)
      const events = lines.filter(line => line.includes('ce_type:account.deposited'))
      expect(events).toHaveLength(EVENTS)
      const [headers, key, value] = events.find(line => line.includes('"cents":7,'))!.split('\t')
      const header = Object.fromEntries(
        headers!
          .split(',')
          .map(text => [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)]),
      )
      const stream = `account-konto-ä-${(7 * 7) % ACCOUNTS}`
      expect(key).toBe(stream)
      expect(JSON.parse(value!)).toEqual({ cents: 7, note: 'für Ölfarbe “№ 7”' })
      expect(header).toMatchObject({
        ce_specversion: '1.0',
        ce_type: 'account.deposited',
        ce_subject: stream,
        ce_actor: 'ann',
        ce_tenant: 'north',
        'content-type': 'application/json',
      })
      expect(header['ce_id']).toMatch(/^[\da-f-]{36}$/)
      expect(header['ce_time']).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
      expect(header['ce_source']).toMatch(/^\S+$/)
    },
  )

  it('counts by key in a Kafka Streams program as our read model does', { timeout: 180_000 }, async () => {
    const args = [brokers.join(','), topic, 'account.deposited', join(folder, 'streams'), String(EVENTS)]
    const printed = await runSource('CountByKey', args)
    const theirs = printed
      .trim()
      .split('\n')
      .map(line => line.split(' '))
    const counts = app.view(Counts)
    await expect
      .poll(async () => (await counts.all()).reduce((sum, row) => sum + row.deposits, 0))
      .toBe(EVENTS)
    const ours = await counts.all()
    expect(ours.length).toBeGreaterThan(10)
    expect(Object.fromEntries(theirs.map(([key, count]) => [key, Number(count)]))).toEqual(
      Object.fromEntries(ours.map(row => [row.account, row.deposits])),
    )
  })

  it(
    `puts ${KEYS} random keys into the partitions in which our streams lie`,
    { timeout: 240_000 },
    async () => {
      const keys = fc.sample(
        fc.tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.integer({ min: 1, max: 100 })),
        KEYS,
      )
      const input = keys.map(([key, count]) => `${Buffer.from(key).toString('base64')} ${count}\n`).join('')
      const printed = await runSource('Partitions', [], input)
      expect(printed.trim().split('\n').map(Number)).toEqual(
        keys.map(([key, count]) => partitionOf(key, count)),
      )
    },
  )
})
