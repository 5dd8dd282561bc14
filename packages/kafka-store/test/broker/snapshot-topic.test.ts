import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import kafkajs from 'kafkajs'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import type { Snapshot } from '@hindcast/core'
import type { SnapshotTopicDiagnostic } from '@hindcast/kafka-store'
import { encodeSnapshotBatch } from '../../src/snapshot/snapshot-record.js'
import { withAdmin } from '../../src/store/connect.js'
import { settle } from '../../src/store/options.js'
import { kafkaHarness } from './kafka-harness.js'
import { brokers, kafkaSuite } from '../../../../test/servers/suites.js'
import { openRawPort } from './stage/raw-port.js'
import { newTopic } from './stage/place.js'
import { until } from './stage/gate.js'

const harness = kafkaHarness({ snapshotTopic: true })

const snapshotOf = (key: number): Snapshot => ({
  stream: `account-${key}`,
  version: key,
  lastEventId: `event-${key}`,
  fingerprint: 'build-1',
  state: JSON.stringify({ text: `ünï ${key}` }),
})

/** What is told of one topic of snapshots. */
function heard(topic: string): SnapshotTopicDiagnostic[] {
  const all: SnapshotTopicDiagnostic[] = []
  const listener = (message: unknown): void => {
    const diagnostic = message as SnapshotTopicDiagnostic
    if (diagnostic.topic === `${topic}.snapshots`) all.push(diagnostic)
  }
  subscribe('hindcast:kafka:snapshot-topic', listener)
  onTestFinished(() => void unsubscribe('hindcast:kafka:snapshot-topic', listener))
  return all
}

/** How many records the topic of snapshots has had. */
async function recordsOf(topic: string): Promise<number> {
  const port = await openRawPort(`${topic}.snapshots`)
  const ends = await Promise.all(port.metadata.leaders.map((_, partition) => port.end(partition)))
  port.close()
  return ends.reduce((sum, { offset }) => sum + offset, 0)
}

kafkaSuite('the topic of snapshots', () => {
  afterAll(() => harness.clean())

  it('gives a process with a new index what others have saved', async () => {
    const topic = newTopic()
    const diagnostics = heard(topic)
    const first = await harness.openOn(topic)
    for (const key of [1, 2, 3, 4]) await first.snapshots!.save(snapshotOf(key))
    await first.snapshots!.save({ ...snapshotOf(4), version: 40 })
    await first[Symbol.asyncDispose]()
    expect(await recordsOf(topic)).toBe(5)
    await using other = await harness.openOn(topic)
    for (const key of [1, 2, 3])
      expect(await other.snapshots!.load(`account-${key}`, 'build-1')).toEqual(snapshotOf(key))
    expect(await other.snapshots!.load('account-4', 'build-1')).toMatchObject({ version: 40 })
    expect(diagnostics).toEqual([])
  })

  it('is compacted, and forgets what was not saved for 30 days', async () => {
    const topic = newTopic()
    await using _ = await harness.openOn(topic)
    const settings = await withAdmin(settle({ brokers, topic }), async admin => {
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [
          {
            type: kafkajs.ConfigResourceTypes.TOPIC,
            name: `${topic}.snapshots`,
            configNames: ['cleanup.policy', 'retention.ms'],
          },
        ],
      })
      return resources[0]!.configEntries.map(({ configName, configValue }) => [configName, configValue])
    })
    expect(Object.fromEntries(settings)).toEqual({
      'cleanup.policy': 'compact,delete',
      'retention.ms': '2592000000',
    })
  })

  it('may hold anything: what is no snapshot of this log is ignored and counted', async () => {
    const topic = newTopic()
    const first = await harness.openOn(topic)
    await first.snapshots!.save(snapshotOf(1))
    await first[Symbol.asyncDispose]()
    const port = await openRawPort(`${topic}.snapshots`)
    const good = encodeSnapshotBatch(first.logId, snapshotOf(2), Date.now())
    const batches = [
      encodeSnapshotBatch('another-log', snapshotOf(1), Date.now()),
      encodeSnapshotBatch(first.logId, { ...snapshotOf(1), version: -1 }, Date.now()),
      encodeSnapshotBatch(first.logId, { ...snapshotOf(1), lastEventId: '' }, Date.now()),
    ]
    for (const [i, batch] of [...batches, good].entries())
      expect(await port.produce(i % port.metadata.leaders.length, batch, 5000)).toMatchObject({
        errorCode: 0,
      })
    port.close()
    const diagnostics = heard(topic)
    await using other = await harness.openOn(topic)
    for (const key of [1, 2])
      expect(await other.snapshots!.load(`account-${key}`, 'build-1')).toEqual(snapshotOf(key))
    expect(diagnostics.map(({ kind, count }) => [kind, count])).toEqual([
      ['ignored', 1],
      ['ignored', 2],
      ['ignored', 3],
    ])
  })

  it('is left alone when it is not compacted, and the snapshots of the index are used', async () => {
    const topic = newTopic()
    await withAdmin(settle({ brokers, topic }), admin =>
      admin.createTopics({ topics: [{ topic: `${topic}.snapshots`, numPartitions: 1 }] }),
    )
    const diagnostics = heard(topic)
    await using store = await harness.openOn(topic)
    await store.snapshots!.save(snapshotOf(1))
    expect(await store.snapshots!.load('account-1', 'build-1')).toEqual(snapshotOf(1))
    expect(diagnostics).toMatchObject([
      { kind: 'not-read', reason: expect.stringContaining('cleanup.policy') },
    ])
    expect(await recordsOf(topic)).toBe(0)
  })

  it('that is gone makes nobody wait, and is told of', async () => {
    const topic = newTopic()
    await using store = await harness.openOn(topic, { requestTimeoutMs: 1000 })
    const diagnostics = heard(topic)
    await withAdmin(settle({ brokers, topic }), admin =>
      admin.deleteTopics({ topics: [`${topic}.snapshots`] }),
    )
    await store.snapshots!.save(snapshotOf(1))
    expect(await store.snapshots!.load('account-1', 'build-1')).toEqual(snapshotOf(1))
    let version = 1
    await until(async () => {
      await store.snapshots!.save({ ...snapshotOf(1), version: version++ })
      return diagnostics.some(({ kind }) => kind === 'not-written')
    }, 'it is told that nothing was written')
  })

  it('is not made unless it is asked for', async () => {
    const topic = newTopic()
    await using store = await harness.openOn(topic, { snapshotTopic: false })
    await store.snapshots!.save(snapshotOf(1))
    const topics = await withAdmin(settle({ brokers, topic }), admin => admin.listTopics())
    expect(topics).toContain(topic)
    expect(topics).not.toContain(`${topic}.snapshots`)
  })
})
