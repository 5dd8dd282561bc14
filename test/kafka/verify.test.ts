import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  Aggregate,
  AggregateRoot,
  Apply,
  Command,
  Event,
  Handle,
  Hindcast,
  systemClock,
  uuidV7Source,
  type EventStoreFactory,
} from '@hindcast/core'
import { verifyHistory, type VerifyReport } from '@hindcast/evolution'
import { kafka } from '@hindcast/kafka-store'
import { IsInt } from 'class-validator'
import kafkajs from 'kafkajs'
import { afterAll, expect, it } from 'vitest'
import { brokers, kafkaSuite } from '../servers/suites.js'
import { writeReserved } from './reserved-writer.js'

class Deposited extends Event('account.deposited') {
  @IsInt() cents!: number
}
class Deposit extends Command('account.deposit') {
  @IsInt() cents!: number
}
@Aggregate('account', { snapshotEvery: 2 })
class Account extends AggregateRoot<Deposited> {
  cents = 0
  @Handle(Deposit) deposit({ cents }: Deposit) {
    this.emit(Deposited, { cents })
  }
  @Apply(Deposited) deposited({ cents }: Deposited) {
    this.cents += cents
  }
}

const aggregates = [Account]
const folder = mkdtempSync(join(tmpdir(), 'hindcast-verify-kafka-'))

async function verified(
  open: EventStoreFactory,
  run: 'workers' | 'commands' = 'workers',
): Promise<VerifyReport> {
  await using store = await open({ clock: systemClock, ids: uuidV7Source(), run, existing: true })
  return await verifyHistory({ store, aggregates })
}

kafkaSuite('verifying a log on Kafka', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('finds nothing wrong beside the running app, and with its index the snapshots as well', async () => {
    const topic = `test-${randomUUID()}`
    const store = kafka({ brokers, topic, partitions: 3, dataDir: join(folder, 'sound') })
    {
      await using app = await Hindcast.start({ store, aggregates, log: false })
      for (let i = 0; i < 60; i++) await app.execute(`acc-${i % 7}`, Deposit.of({ cents: i }))
      const report = await verified(store)
      expect(report).toMatchObject({
        ...{ done: true, events: 60, streams: 7, problems: 0, notFolded: 0, notRead: 0, partitions: 3 },
        types: [{ type: 'account.deposited', schemaVersion: 1, events: 60 }],
        skipped: { voidBatches: 0, voidRecords: 0, firstVoid: [], foreignRecords: 0 },
      })
      expect(report.snapshots).toBeUndefined()
    }
    const indexed = await verified(store, 'commands')
    expect(indexed).toMatchObject({ events: 60, problems: 0, snapshots: { found: 7, compared: 7 } })
    // The index has left out what is no event, so that it cannot be told of.
    expect(indexed.skipped).toBeUndefined()
  })

  it('lists batches that never happened, counts foreign records, and finds a hole that was written', async () => {
    const topic = `test-${randomUUID()}`
    const store = kafka({ brokers, topic, partitions: 1, dataDir: join(folder, 'planted') })
    let logId: string
    {
      await using app = await Hindcast.start({ store, aggregates, log: false })
      for (const cents of [1, 2]) await app.execute('acc-1', Deposit.of({ cents }))
      logId = app.store.logId
    }
    const producer = new kafkajs.Kafka({
      brokers: [...brokers],
      logLevel: kafkajs.logLevel.NOTHING,
    }).producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
    await producer.connect()
    await producer.send({ topic, messages: [{ value: 'not ours' }, { value: 'nor this' }] })
    await producer.disconnect()
    const event = (version: number, after?: number) => ({
      headers: {
        ...{
          ce_specversion: '1.0',
          ce_id: randomUUID(),
          ce_type: 'account.deposited',
          ce_subject: 'account-acc-1',
        },
        ...{ ce_source: `hindcast:${logId}`, ce_time: '2001-01-01T00:00:00.000Z', ce_schemaversion: '1' },
        ...{ ce_streamversion: String(version), ce_commandid: `c${version}` },
        ...(after !== undefined && { ce_after: String(after) }),
      },
      value: '{"cents":5}',
    })
    await writeReserved(brokers, topic, [
      // Decided when there was only the genesis record: it never happened.
      { epoch: 1, sequence: 0, events: [event(0, 0), event(1)] },
      // In its place, and yet not what any store writes: versions 2 to 6 are missing, and its time has gone by.
      { epoch: 1, sequence: 2, events: [event(7, 6)] },
    ])
    const report = await verified(store)
    expect(report).toMatchObject({
      ...{ done: true, events: 3, streams: 1, notFolded: 1, notRead: 0 },
      skipped: {
        ...{ voidBatches: 1, voidRecords: 2, foreignRecords: 2 },
        firstVoid: [
          {
            ...{ place: '0:5', records: 2 },
            reason: 'it was decided after offset 0, but offset 2 was in front of it',
          },
        ],
      },
      problemsByCode: { HC_EVENT_TIME: 1, HC_STREAM_VERSION: 1 },
    })
    expect(report.firstProblems).toEqual([
      expect.objectContaining({ code: 'HC_EVENT_TIME', place: '0:7' }),
      expect.objectContaining({ code: 'HC_STREAM_VERSION', place: '0:7', version: 7 }),
    ])
  })
})
