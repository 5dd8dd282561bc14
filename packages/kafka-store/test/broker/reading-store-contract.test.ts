import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import kafkajs from 'kafkajs'
import { afterAll, describe, expect, it } from 'vitest'
import { partitionOf, type EventStore, type RecordedEvent } from '@hindcast/core'
import { eventStoreContract, type EventStoreHarness } from '@hindcast/testing'
import { kafkaHarness } from './kafka-harness.js'
import { brokers, kafkaSuite } from '../../../../test/servers/suites.js'

const harness = kafkaHarness()
const parts = new Map<EventStore, EventStore>()

/** Appends and streams go through a store with an index, the log is read by one without. */
async function withReader(writer: EventStore): Promise<EventStore> {
  const { topic } = harness.placeOf(writer)
  const reader = await harness.openOn(topic, {}, { run: 'workers' })
  const store: EventStore = {
    logId: reader.logId,
    partitions: reader.partitions,
    append: (writes, options) => writer.append(writes, options),
    findCommand: (partition, commandId) => writer.findCommand(partition, commandId),
    readStream: (stream, options) => writer.readStream(stream, options),
    readLog: (partition, options) => reader.readLog(partition, options),
    end: partition => reader.end(partition),
    async [Symbol.asyncDispose]() {
      await Promise.all([writer[Symbol.asyncDispose](), reader[Symbol.asyncDispose]()])
    },
  }
  parts.set(store, writer)
  return store
}

const both: EventStoreHarness = {
  timeoutMs: harness.timeoutMs!,
  open: async options => withReader(await harness.open(options)),
  reopen: async (store, options) => {
    await store[Symbol.asyncDispose]()
    return withReader(await harness.reopen(parts.get(store)!, options))
  },
  second: async store => withReader(await harness.second!(parts.get(store)!)),
}

kafkaSuite('a process with only workers', () => {
  afterAll(() => harness.clean())

  describe('reads the log as one with an index does', () => {
    for (const { name, run } of eventStoreContract(both)) it.concurrent(name, run, 240_000)
  })

  it('appends nothing, finds no command and reads no stream, and says where that is done', async () => {
    await using writer = await harness.openOn(`test-${randomUUID()}`)
    const { topic } = harness.placeOf(writer)
    await using reader = await harness.openOn(topic, {}, { run: 'workers' })
    const partition = await appendTo(writer, 'account-acc-1', 3)
    const before = await writer.end(partition, { fresh: true })
    const write = { stream: 'account-acc-1', expected: 'any', events: [event()] } as const
    await expect(reader.append([write], { commandId: 'c' })).rejects.toMatchObject({
      code: 'HC_NOT_RUN_HERE',
    })
    await expect(reader.findCommand(partition, 'c')).rejects.toMatchObject({ code: 'HC_NOT_RUN_HERE' })
    await expect(reader.readStream('account-acc-1')[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'HC_NOT_RUN_HERE',
    })
    expect(await writer.end(partition, { fresh: true })).toBe(before)
  })

  it('makes no folder', async () => {
    await using writer = await harness.openOn(`test-${randomUUID()}`)
    const folder = `${harness.placeOf(writer).dataDir}-none`
    const partition = await appendTo(writer, 'account-acc-1', 3)
    const { topic } = harness.placeOf(writer)
    await using reader = await harness.openAt({ topic, dataDir: folder }, { run: 'workers' })
    expect(await eventsFrom(reader, partition, 0n)).toHaveLength(3)
    expect(existsSync(folder)).toBe(false)
  })

  it('makes no topic: it waits for one that is made meanwhile, and says so when there is none', async () => {
    const topic = `test-${randomUUID()}`
    await expect(harness.openOn(topic, { startTimeoutMs: 200 }, { run: 'workers' })).rejects.toMatchObject({
      code: 'HC_KAFKA_TOPIC_MISSING',
    })
    const opening = harness.openOn(topic, {}, { run: 'workers' })
    await using writer = await harness.openOn(topic)
    await using reader = await opening
    expect(reader.logId).toBe(writer.logId)
  })

  it('begins at any checkpoint as if it had read everything in front of it, also behind many foreign records', async () => {
    await using writer = await harness.openOn(`test-${randomUUID()}`)
    const { topic } = harness.placeOf(writer)
    const partition = await appendTo(writer, 'account-acc-1', 3)
    await foreignRecords(topic, partition, 40)
    await appendTo(writer, 'account-acc-1', 2)
    await foreignRecords(topic, partition, 7)
    await appendTo(writer, 'account-acc-1', 4)
    await using reader = await harness.openOn(topic, {}, { run: 'workers' })
    const end = await reader.end(partition)
    expect(end).toBeGreaterThan(50n)
    const all = await eventsFrom(writer, partition, 0n)
    expect(all).toHaveLength(9)
    for (let from = 0n; from <= end; from++)
      expect(await eventsFrom(reader, partition, from)).toEqual(all.filter(({ offset }) => offset >= from))
  })
})

function event() {
  return { id: randomUUID(), type: 'account.opened', schemaVersion: 1, data: '{}' }
}

async function appendTo(store: EventStore, stream: string, count: number): Promise<number> {
  const events = Array.from({ length: count }, event)
  await store.append([{ stream, expected: 'any', events }], { commandId: randomUUID() })
  return partitionOf(stream, store.partitions)
}

async function eventsFrom(store: EventStore, partition: number, from: bigint) {
  const events: RecordedEvent[] = []
  for await (const batch of store.readLog(partition, { from })) events.push(...batch.events)
  return events.map(({ id, version, offset, data, commandId }) => ({ id, version, offset, data, commandId }))
}

/** Each in a batch of its own. */
async function foreignRecords(topic: string, partition: number, count: number): Promise<void> {
  const client = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING })
  const producer = client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
  await producer.connect()
  for (let i = 0; i < count; i++)
    await producer.send({ topic, messages: [{ partition, key: 'x', value: `foreign ${i}` }] })
  await producer.disconnect()
}
