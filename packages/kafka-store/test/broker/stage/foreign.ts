import kafkajs, { type Admin, type IHeaders, type Producer } from 'kafkajs'
import { onTestFinished } from 'vitest'
import { createdSettings } from '../../../src/topic/settings.js'
import { until } from './gate.js'
import { brokers } from '../../../../../test/servers/suites.js'

const client = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING })

/** A program that knows nothing of the protocol. */
export async function foreignProducer(transactionalId?: string): Promise<Producer> {
  const producer = client.producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    ...(transactionalId !== undefined && { transactionalId, maxInFlightRequests: 1, idempotent: true }),
  })
  await producer.connect()
  onTestFinished(() => producer.disconnect())
  return producer
}

/** Writes a record with that producer's own id. */
export async function writeForeign(
  topic: string,
  value: string | null = 'hello',
  headers?: IHeaders,
): Promise<void> {
  const producer = await foreignProducer()
  await producer.send({ topic, messages: [{ key: 'k', value, partition: 0, ...(headers && { headers }) }] })
}

/** Kafka's administration. */
export async function withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = client.admin()
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.disconnect()
  }
}

/** Makes a topic as somebody else would. */
export async function createTopic(
  topic: string,
  partitions = 1,
  settings: Record<string, string> = {},
): Promise<void> {
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }))
  await withAdmin(admin =>
    admin.createTopics({
      waitForLeaders: true,
      topics: [{ topic, numPartitions: partitions, replicationFactor: 1, configEntries }],
    }),
  )
}

/** Changes settings of a log's topic. The others are set anew, since kafkajs can only set all. */
export async function alterTopic(topic: string, settings: Record<string, string>): Promise<void> {
  const configEntries = Object.entries({ ...createdSettings(1), ...settings }).map(([name, value]) => ({
    name,
    value,
  }))
  await withAdmin(admin =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries }],
    }),
  )
}

/** Makes a topic refuse larger batches. Resolves when the broker does. */
export async function limitBatches(topic: string, bytes: number): Promise<void> {
  await alterTopic(topic, { 'max.message.bytes': String(bytes) })
  await until(
    () =>
      writeForeign(topic, 'x'.repeat(bytes)).then(
        () => false,
        () => true,
      ),
    'the broker refuses large batches',
  )
}
