import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  Hindcast,
  memory,
  systemClock,
  uuidV7Source,
  type EventStore,
  type EventStoreFactory,
} from '@hindcast/core'
import { exportLog, importLog } from '@hindcast/evolution'
import { kafka } from '@hindcast/kafka-store'
import { afterAll, expect, it } from 'vitest'
import { brokers, kafkaSuite } from '../servers/suites.js'
import { Account, Deposit } from './account.js'

const aggregates = [Account]
const folder = mkdtempSync(join(tmpdir(), 'hindcast-transfer-'))
const opened = (open: EventStoreFactory): Promise<EventStore> =>
  open({ clock: systemClock, ids: uuidV7Source(), run: 'commands' })

kafkaSuite('a log that moves to Kafka and back', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('has the same events and commands at each stage', async () => {
    const [before, back] = [memory({ partitions: 2 }), memory({ partitions: 7 })]
    const topic = `test-${randomUUID()}`
    const onKafka = kafka({ brokers, topic, partitions: 3, dataDir: join(folder, 'data') })
    {
      await using app = await Hindcast.start({ store: before, aggregates, log: false })
      for (let i = 0; i < 60; i++)
        await app.execute(`acc-${i % 7}`, Deposit.of({ cents: i }), { commandId: `d${i}` })
    }
    const [there, home] = [join(folder, 'there.ndjson'), join(folder, 'home.ndjson')]
    await using first = await opened(before)
    await exportLog({ store: first, aggregates }, there)
    expect(await importLog(onKafka, there)).toMatchObject({
      partitions: 3,
      events: 60,
      eventsBefore: 0,
      timesMoved: 0,
    })
    expect(await importLog(onKafka, there)).toMatchObject({ events: 60, eventsBefore: 60 })
    {
      await using store = await opened(onKafka)
      expect(await contents(store)).toEqual(await contents(first))
      await exportLog({ store, aggregates }, home)
    }
    await importLog(back, home)
    await using last = await opened(back)
    expect(await contents(last)).toEqual(await contents(first))
    await using app = await Hindcast.start({ store: onKafka, aggregates, log: false })
    const repeated = await app.execute('acc-3', Deposit.of({ cents: 3 }), { commandId: 'd3' })
    expect(repeated).toMatchObject({ repeated: true, result: 3 })
  })
})

async function contents(store: EventStore): Promise<readonly object[]> {
  const events = []
  for (let partition = 0; partition < store.partitions; partition++)
    for await (const batch of store.readLog(partition))
      for (const { id, stream, version, type, time, data, commandId, metadata } of batch.events)
        events.push({ id, stream, version, type, time, data, commandId, metadata })
  return events.toSorted((a, b) => a.stream.localeCompare(b.stream) || a.version - b.version)
}
