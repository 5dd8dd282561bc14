import kafkajs, { type Admin, type IHeaders, type Producer } from 'kafkajs'
import { onTestFinished } from 'vitest'
import { brokers } from '../kafka-suite.js'

const client = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING })

/** A program that knows nothing of the protocol. */
async function foreignProducer(transactionalId?: string): Promise<Producer> {
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
async function withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = client.admin()
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.disconnect()
  }
}

/** Changes settings of a topic; the others go back to their defaults, as kafkajs knows no other way. */
export async function alterTopic(topic: string, settings: Record<string, string>): Promise<void> {
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }))
  await withAdmin(admin =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries }],
    }),
  )
}
