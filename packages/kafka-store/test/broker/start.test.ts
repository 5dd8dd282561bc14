import { randomUUID } from 'node:crypto'
import { createServer, type AddressInfo } from 'node:net'
import { existsSync } from 'node:fs'
import { expect, it, onTestFinished, vi } from 'vitest'
import { kafka } from '@hindcast/kafka-store'
import { HEADER } from '../../src/record/header-names.js'
import { splitBatches } from '../../src/record/record-batch.js'
import { createdSettings } from '../../src/topic/settings.js'
import { append, idsOf } from './stage/appends.js'
import { requestLost } from './stage/faulty-port.js'
import { createTopic, foreignProducer, withAdmin, writeForeign } from './stage/foreign.js'
import { kafkaSuite } from '../../../../test/servers/suites.js'
import { hostWith, newFolder, newTopic } from './stage/place.js'
import { openRawPort } from './stage/raw-port.js'
import { rawBatch, rawGenesis, RawWriter } from './stage/raw-writer.js'
import { openRival, openStage } from './stage/stage.js'
import { contentOf } from './stage/topic-content.js'

const START_MS = 1500
/** An error comes at the deadline, give or take what a busy machine takes: what hangs, hangs for ever. */
const LATEST_MS = 20_000

/** The error with which opening fails. */
async function refusal(opening: () => Promise<unknown>): Promise<Error & { code: string }> {
  const began = performance.now()
  const error: unknown = await opening().then(
    () => new Error('it was opened'),
    (reason: unknown) => reason,
  )
  expect(performance.now() - began).toBeLessThan(LATEST_MS)
  return error as Error & { code: string }
}

/** A topic as the protocol makes it. */
async function madeTopic(partitions = 1): Promise<string> {
  const topic = newTopic()
  await createTopic(topic, partitions, createdSettings(1))
  return topic
}

kafkaSuite('a Kafka store that is opened', () => {
  it('says when no broker is there, at the deadline', async () => {
    const brokers = ['127.0.0.1:1', 'no-such-host.invalid:9092']
    const open = kafka({
      brokers,
      topic: 'bank',
      dataDir: newFolder(),
      startTimeoutMs: START_MS,
      requestTimeoutMs: 500,
    })
    const error = await refusal(() => open(hostWith()))
    expect(error).toMatchObject({ code: 'HC_KAFKA_UNREACHABLE', retryable: true })
    expect(error.message).toContain('127.0.0.1:1')
    expect(error.message).toContain('ECONNREFUSED')
  })

  it('says when what is there does not answer, at the deadline', async () => {
    const silent = createServer(() => undefined)
    await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void silent.close())
    const address = `127.0.0.1:${(silent.address() as AddressInfo).port}`
    const open = kafka({
      brokers: [address],
      topic: 'bank',
      dataDir: newFolder(),
      startTimeoutMs: START_MS,
      requestTimeoutMs: 500,
      connectionTimeoutMs: 500,
    })
    const error = await refusal(() => open(hostWith()))
    expect(error).toMatchObject({ code: 'HC_KAFKA_UNREACHABLE' })
    expect(error.message).toContain(address)
  })

  it('says when brokers answer, but nothing can be written to the new topic, at the deadline', async () => {
    const error = await refusal(() =>
      openStage({
        startTimeoutMs: START_MS,
        requestTimeoutMs: 500,
        onOpened: port => void (port.otherwise = requestLost),
      }),
    )
    expect(error).toMatchObject({ code: 'HC_KAFKA_UNREACHABLE' })
  })

  it('is opened although no broker answers for a moment when it begins to listen, and hears of others', async () => {
    let opened = 0
    let lost = 0
    const stage = await openStage({
      onOpened: port => {
        if (++opened === 2)
          port.onRefresh = refresh => (lost++ < 2 ? Promise.reject(new AggregateError([])) : refresh())
      },
    })
    expect(lost).toBeGreaterThan(2)
    const before = await stage.store.end(0)
    await append((await openRival(stage)).store, 'account-1')
    await expect.poll(() => stage.store.end(0)).toBeGreaterThan(before)
  })

  it('says when brokers go away while its index is filled', async () => {
    const stage = await openStage()
    await append(stage.store, 'account-1')
    let fetches = 0
    const error = await refusal(() =>
      openRival(stage, {
        startTimeoutMs: START_MS,
        requestTimeoutMs: 500,
        onOpened: port => {
          port.onFetch = fetch => (++fetches > 1 ? new Promise(() => undefined) : fetch())
        },
      }),
    )
    expect(error).toMatchObject({ code: 'HC_KAFKA_UNREACHABLE' })
  })

  it('says that there is no topic, when it may not make it', async () => {
    const topic = newTopic()
    const error = await refusal(() => openStage({ topic, createTopic: false }))
    expect(error).toMatchObject({ code: 'HC_KAFKA_TOPIC_MISSING', context: { topic } })
    expect(await withAdmin(admin => admin.listTopics())).not.toContain(topic)
  })

  it('lists every wrong setting of the topic in one error, each with its fix', async () => {
    const topic = newTopic()
    await createTopic(topic, 1, {
      'cleanup.policy': 'compact',
      'retention.ms': '604800000',
      'retention.bytes': '1000000',
      'message.timestamp.type': 'LogAppendTime',
      'unclean.leader.election.enable': 'true',
      'compression.type': 'lz4',
      'max.message.bytes': '1000',
    })
    const error = await refusal(() => openStage({ topic }))
    expect(error.code).toBe('HC_KAFKA_TOPIC_SETTINGS')
    const named = error.message.split('\n').filter(line => line.startsWith('  '))
    expect(named.map(line => line.trim().split(' ')[0])).toEqual([
      'cleanup.policy',
      'retention.ms',
      'retention.bytes',
      'message.timestamp.type',
      'message.timestamp.before.max.ms',
      'unclean.leader.election.enable',
      'compression.type',
      'max.message.bytes',
    ])
    for (const line of named) expect(line).toMatch(/set it to/)
    expect(error.message).toContain('kafka-configs.sh --alter')
    expect(await contentOf(topic)).toEqual([])
  })

  it('writes nothing into a topic of somebody else', async () => {
    const topic = await madeTopic()
    await writeForeign(topic)
    const error = await refusal(() => openStage({ topic }))
    expect(error).toMatchObject({ code: 'HC_KAFKA_TOPIC_FOREIGN', context: { topic } })
    expect(await contentOf(topic)).toHaveLength(1)
  })

  it('says when it asks for another number of partitions, or more replicas than brokers', async () => {
    const stage = await openStage({ partitions: 2 })
    expect(await refusal(() => openRival(stage, { partitions: 3 }))).toMatchObject({
      code: 'HC_KAFKA_OPTION',
      context: { option: 'partitions' },
    })
    const topic = newTopic()
    expect(await refusal(() => openStage({ topic, replicationFactor: 99 }))).toMatchObject({
      code: 'HC_KAFKA_OPTION',
      context: { option: 'replicationFactor' },
    })
    expect(await withAdmin(admin => admin.listTopics())).not.toContain(topic)
  })

  it('says when the topic has more partitions than the log was made with', async () => {
    const stage = await openStage({ partitions: 2 })
    await withAdmin(admin => admin.createPartitions({ topicPartitions: [{ topic: stage.topic, count: 3 }] }))
    const error = await refusal(() => openRival(stage, { partitions: 3 }))
    expect(error).toMatchObject({ code: 'HC_LOG_INTEGRITY', context: { made: 2, found: 3 } })
    expect(await contentOf(stage.topic, 2)).toEqual([])
  })

  it('says when the clock of this machine is hours ahead of the brokers, and makes no log', async () => {
    const topic = await madeTopic()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 7_200_000 })
    onTestFinished(() => void vi.useRealTimers())
    const error = await refusal(() => openStage({ topic }))
    expect(error).toMatchObject({ code: 'HC_KAFKA_REFUSED', context: { reason: 'INVALID_TIMESTAMP' } })
    expect(error.message).toContain('clock')
    expect(await contentOf(topic)).toEqual([])
  })

  it('says when the log was written by a newer version, and writes nothing', async () => {
    const topic = await madeTopic()
    await (await RawWriter.open(topic)).write(rawGenesis({ logId: randomUUID(), format: 2 }))
    expect(await refusal(() => openStage({ topic }))).toMatchObject({ code: 'HC_FORMAT_NEWER' })
    expect(await contentOf(topic)).toHaveLength(1)
  })

  it('says when a partition belongs to another log', async () => {
    const topic = await madeTopic(2)
    const writer = await RawWriter.open(topic)
    await writer.write(rawGenesis({ logId: 'log-a', partitions: 2 }), 0)
    await writer.write(rawGenesis({ logId: 'log-b', partitions: 2 }), 1)
    expect(await refusal(() => openStage({ topic, partitions: 2 }))).toMatchObject({
      code: 'HC_LOG_INTEGRITY',
      context: { partition: 1 },
    })
  })

  it('says when the beginning of the log was deleted', async () => {
    const stage = await openStage()
    await append(stage.store, 'account-1', { events: 3 })
    await withAdmin(async admin => {
      // kafkajs must have asked for the topic before.
      await admin.fetchTopicOffsets(stage.topic)
      await admin.deleteTopicRecords({ topic: stage.topic, partitions: [{ partition: 0, offset: '2' }] })
    })
    expect(await refusal(() => openRival(stage))).toMatchObject({
      code: 'HC_LOG_INTEGRITY',
      context: { missing: 0 },
    })
  })
})

kafkaSuite('the genesis record', () => {
  it('is written once in each partition, although many processes start on a new topic together', async () => {
    const topic = await madeTopic(3)
    const stages = await Promise.all(Array.from({ length: 5 }, () => openStage({ topic, partitions: 3 })))
    expect(new Set(stages.map(({ store }) => store.logId)).size).toBe(1)
    for (let partition = 0; partition < 3; partition++) {
      const content = await contentOf(topic, partition)
      expect(content.filter(({ valid }) => valid)).toHaveLength(1)
      expect(content[0]).toMatchObject({ valid: true, sequence: 0, epoch: 0, after: '-1' })
    }
    for (const [i, { store }] of stages.entries()) await append(store, `account-${i}`)
    for (const { store } of stages)
      for (let i = 0; i < 5; i++) expect(await idsOf(store, `account-${i}`)).toHaveLength(1)
  })

  it('is written behind what never happened, so that the log can begin', async () => {
    const topic = await madeTopic()
    const writer = await RawWriter.open(topic)
    await writer.write(rawBatch({ logId: 'nobody', after: 7, sequence: 40, epoch: 2 }))
    const { store } = await openStage({ topic })
    const ids = await append(store, 'account-1', { expected: 'none' })
    expect(await contentOf(topic)).toMatchObject([
      { valid: false },
      { valid: true, sequence: 41, epoch: 2, after: '0' },
      { valid: true, ids },
    ])
  })
})

kafkaSuite('a topic that is a copy of a log', () => {
  it('is refused for appends: what protects them was not copied', async () => {
    const { store, topic } = await openStage()
    await append(store, 'account-1')
    const copy = await madeTopic()
    await mirror(topic, copy)
    const dataDir = newFolder()
    const error = await refusal(() => openStage({ topic: copy, dataDir }))
    expect(error).toMatchObject({ code: 'HC_LOG_IS_A_COPY', context: { logId: store.logId } })
    expect(await contentOf(copy)).toHaveLength(2)
    expect(existsSync(`${dataDir}/data.mdb`)).toBe(false)
  })
})

/** What a mirror does: the records with their headers, by a producer of its own. */
async function mirror(from: string, to: string): Promise<void> {
  const port = await openRawPort(from)
  const limits = { maxWaitMs: 0, partitionBytes: 1_000_000, maxBytes: 1_000_000 }
  const [answer] = await port.fetch(port.metadata.leaders[0]!, [{ partition: 0, offset: 0 }], limits)
  port.close()
  const producer = await foreignProducer()
  const fields = Object.keys(HEADER) as (keyof typeof HEADER)[]
  for (const batch of splitBatches(0, answer!.records))
    await producer.send({
      topic: to,
      messages: batch.records().map(record => ({
        partition: 0,
        key: record.key,
        value: record.data,
        headers: Object.fromEntries(
          fields.flatMap(field => {
            const value = record.header(field)
            return value === undefined ? [] : [[HEADER[field], value]]
          }),
        ),
      })),
    })
}
