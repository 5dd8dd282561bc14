import { randomUUID } from 'node:crypto'
import { createServer } from 'node:net'
import {
  inspectBroker,
  inspectKafka,
  judgeNewestRecord,
  judgeReplicas,
  judgeTopic,
} from '@hindcast/kafka-store'
import kafkajs from 'kafkajs'
import { afterAll, describe, expect, it } from 'vitest'
import { brokers, kafkaSuite } from '../../../../test/servers/suites.js'
import { kafkaHarness } from './kafka-harness.js'

const NOW = Date.UTC(2026, 4, 1)

describe('a topic that is compared with what a log needs', () => {
  it.each([
    [[{ all: 3, inSync: 3 }], 'right'],
    [
      [
        { all: 3, inSync: 3 },
        { all: 3, inSync: 2 },
      ],
      'doubtful',
    ],
    [[{ all: 1, inSync: 1 }], 'doubtful'],
    [[], 'unknown'],
  ] as const)('replicas %j are %s', (partitions, verdict) => {
    expect(judgeReplicas('bank', partitions)).toMatchObject({ verdict })
  })

  it.each([
    [NOW - 100, 'right'],
    [NOW + 20_000, 'doubtful'],
    [NOW + 3_000_000, 'wrong'],
    [NOW - 3_000_000, 'unknown'],
    [undefined, 'unknown'],
  ] as const)('a newest record of %s is %s of the clocks', (newest, verdict) => {
    expect(judgeNewestRecord('bank', newest, NOW)).toMatchObject({ verdict })
  })

  it('takes no setting that it cannot see for right', () => {
    const hidden = judgeTopic({ topic: 'bank', partitions: 1, replicas: 3, settings: undefined })
    expect(
      hidden.every(({ verdict, fix }) => verdict === 'unknown' && fix!.includes('DESCRIBE_CONFIGS')),
    ).toBe(true)
    const one = { name: 'retention.ms', value: '-1', fix: '', isRight: true }
    const partly = judgeTopic({ topic: 'bank', partitions: 1, replicas: 3, settings: [one] })
    expect(partly.filter(({ verdict }) => verdict === 'right')).toMatchObject([
      { subject: expect.stringContaining('retention.ms') as string },
    ])
    expect(partly.find(({ subject }) => subject.endsWith('compression.type'))).toMatchObject({
      verdict: 'unknown',
    })
  })
})

describe('the address of a broker', () => {
  it('is wrong where nobody answers, also where nobody refuses', async () => {
    expect(await inspectBroker('127.0.0.1:1')).toMatchObject({
      verdict: 'wrong',
      value: expect.stringContaining('ECONNREFUSED') as string,
    })
    // An address that is reserved for documentation: what is sent there gets no answer.
    expect(await inspectBroker('192.0.2.1:9092', 200)).toMatchObject({ verdict: 'wrong' })
  })

  it('is right where somebody answers', async () => {
    const server = createServer(socket => socket.destroy())
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { readonly port: number }
    expect(await inspectBroker(`127.0.0.1:${port}`)).toMatchObject({ verdict: 'right' })
    await new Promise(resolve => server.close(resolve))
  })
})

kafkaSuite('looking at a log on Kafka', () => {
  const harness = kafkaHarness()
  afterAll(() => harness.clean())
  const bySubject = async (topic: string) =>
    new Map((await inspectKafka({ brokers, topic })).map(each => [each.subject.replace(/^.*": /, ''), each]))

  it('finds it as it was made, with the risk of a single broker', async () => {
    const topic = `test-${randomUUID()}`
    await using store = await harness.openOn(topic)
    expect(store.partitions).toBe(4)
    const found = await bySubject(topic)
    expect(found.get(`topic "${topic}"`)).toMatchObject({ value: '4 partitions', verdict: 'right' })
    expect(found.get('retention.ms')).toMatchObject({ value: '-1', verdict: 'right' })
    expect(found.get('replicas')).toMatchObject({ verdict: 'doubtful' })
    expect(found.get('clock of the writers')).toMatchObject({ verdict: 'right' })
    expect([...found.values()].filter(({ verdict }) => verdict === 'wrong')).toEqual([])
  })

  it('finds a setting that would lose events, and a topic that is not there', async () => {
    const topic = `test-${randomUUID()}`
    const admin = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING }).admin()
    await admin.connect()
    try {
      const configEntries = [{ name: 'cleanup.policy', value: 'compact' }]
      await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 1, configEntries }] })
      await expect
        .poll(async () => (await bySubject(topic)).get('cleanup.policy'))
        .toMatchObject({
          value: 'compact',
          verdict: 'wrong',
          fix: expect.stringContaining('compaction deletes events') as string,
        })
      expect((await bySubject(`${topic}-none`)).get(`topic "${topic}-none"`)).toMatchObject({
        verdict: 'doubtful',
        value: 'is not there',
      })
    } finally {
      await admin.disconnect()
    }
  })
})
