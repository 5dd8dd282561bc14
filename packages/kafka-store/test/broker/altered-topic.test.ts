import { randomUUID } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock, uuidV7Source, type EventStore } from '@hindcast/core'
import { inspectTopic, type ChangedSettings } from '@hindcast/kafka-store'
import kafkajs, { type Admin } from 'kafkajs'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { openStore } from '../../src/store/open-store.js'
import { settle } from '../../src/store/options.js'
import { createdSettings } from '../../src/topic/settings.js'
import { brokers, kafkaSuite } from '../../../../test/servers/suites.js'

const CHANNEL = 'hindcast:kafka:settings'
const DEADLINE = { timeout: 40_000, interval: 20 }

let admin: Admin
let topic = ''
let dataDir = ''
const said: ChangedSettings[] = []
const hear = (message: unknown): void => {
  const changed = message as ChangedSettings
  if (changed.topic === topic) said.push(changed)
}

beforeEach(() => {
  topic = `test-${randomUUID()}`
  dataDir = mkdtempSync(join(tmpdir(), 'hindcast-kafka-index-'))
  said.length = 0
  subscribe(CHANNEL, hear)
})
afterEach(() => {
  unsubscribe(CHANNEL, hear)
  rmSync(dataDir, { recursive: true, force: true })
})

/** A store that looks at its topic several times a second. */
function open(): Promise<EventStore> {
  const settings = { ...settle({ brokers, topic, dataDir, partitions: 2 }), recheckMs: 100 }
  return openStore(settings, { clock: systemClock, ids: uuidV7Source(), run: 'all' })
}

function append(store: EventStore): Promise<unknown> {
  const events = [{ id: randomUUID(), type: 'account.opened', schemaVersion: 1, data: '{}' }]
  return store.append([{ stream: 'account-acc-1', expected: 'any', events }], { commandId: randomUUID() })
}

kafkaSuite('a topic that is altered while it is in use', () => {
  beforeAll(async () => {
    admin = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING }).admin()
    await admin.connect()
  })
  afterAll(() => admin.disconnect())

  it('stops the writing when it gets another number of partitions; reading goes on', async () => {
    await using store = await open()
    await append(store)
    await admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] })
    await expect
      .poll(
        () =>
          append(store).then(
            () => 'appended',
            (error: unknown) => error,
          ),
        DEADLINE,
      )
      .toMatchObject({ code: 'HC_LOG_INTEGRITY', context: { topic, made: 2, found: 3 } })
    const events = []
    for await (const batch of store.readStream('account-acc-1')) events.push(...batch)
    expect(events.length).toBeGreaterThan(0)
  })

  it('can be looked at: every setting that matters, what it is, and what to do about a wrong one', async () => {
    await using store = await open()
    await append(store)
    await alter({ 'retention.bytes': '1000' })
    const { settings, ...rest } = await inspectTopic({ brokers, topic })
    expect(rest).toEqual({ topic, partitions: 2, replicas: 1 })
    expect(settings!.length).toBeGreaterThanOrEqual(8)
    expect(settings!.filter(({ isRight }) => !isRight)).toEqual([
      {
        name: 'retention.bytes',
        value: '1000',
        fix: 'set it to -1; anything else deletes old events',
        isRight: false,
      },
    ])
    await expect(inspectTopic({ brokers, topic: `${topic}-none` })).rejects.toMatchObject({
      code: 'HC_KAFKA_TOPIC_MISSING',
    })
  })

  it('is said, with every wrong setting and its fix, until it is set back; writing goes on', async () => {
    await using store = await open()
    await alter({ 'retention.ms': '604800000', 'cleanup.policy': 'compact' })
    await expect.poll(() => said.length, DEADLINE).toBeGreaterThan(1)
    expect(said[0]!.wrong).toEqual([
      { name: 'cleanup.policy', value: 'compact', fix: 'set it to delete; compaction deletes events' },
      {
        name: 'retention.ms',
        value: '604800000',
        fix: 'set it to -1; anything else deletes old events',
      },
    ])
    await append(store)
    await alter({ 'retention.ms': '-1', 'cleanup.policy': 'delete' })
    // A look that had begun before may still say it; then there is silence.
    let before = -1
    await expect
      .poll(() => [before, (before = said.length)], { ...DEADLINE, interval: 1000 })
      .toSatisfy(([then, now]: number[]) => then === now)
  })
})

/** Kafka sets back everything that is not named. */
async function alter(settings: Record<string, string>): Promise<void> {
  const configEntries = Object.entries({ ...createdSettings(1), ...settings }).map(([name, value]) => ({
    name,
    value,
  }))
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries }],
  })
}
