import { randomUUID } from 'node:crypto'
import kafkajs, { type KafkaMessage } from 'kafkajs'
import type { TopicRecord } from './topic-record.js'

const MARK = 'the end of the run'
const READ_MS = 120_000

/** What kafkajs tells of a message's batch, beyond its types. */
interface WithBatch {
  readonly batchContext: { readonly firstOffset: string; readonly producerId: string }
}

/**
 * Reads a whole topic with an ordinary consumer, which knows nothing of a store: also void and foreign records and those of
 * aborted transactions. A last record in each partition shows that it has come to the end, where there may be nothing but
 * the marks of a transaction, which it is not given.
 */
export async function readTopic(
  brokers: readonly string[],
  topic: string,
  partitions: number,
): Promise<TopicRecord[][]> {
  const client = new kafkajs.Kafka({
    brokers: [...brokers],
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 20 },
  })
  await markEnds(client, topic, partitions)
  const consumer = client.consumer({
    groupId: randomUUID(),
    readUncommitted: true,
    allowAutoTopicCreation: false,
  })
  const records: TopicRecord[][] = Array.from({ length: partitions }, () => [])
  const ended = new Set<number>()
  await consumer.connect()
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`the topic was not read within ${READ_MS} ms`)),
        READ_MS,
      )
      // Coordinators that have just come back are tried again.
      consumer.on('consumer.crash', ({ payload }) => {
        if (!payload.restart) reject(payload.error)
      })
      consumer
        .run({
          autoCommit: false,
          eachBatch: async ({ batch }) => {
            const known = records[batch.partition]!
            for (const message of batch.messages)
              if (message.key?.toString() === MARK) ended.add(batch.partition)
              // A consumer that begins again after an error gives what it gave before.
              else if (BigInt(message.offset) > (known.at(-1)?.offset ?? -1n)) known.push(recordOf(message))
            if (ended.size < partitions) return
            clearTimeout(timer)
            resolve()
          },
        })
        .catch(reject)
    })
    return records
  } finally {
    await consumer.disconnect()
  }
}

async function markEnds(client: kafkajs.Kafka, topic: string, partitions: number): Promise<void> {
  const producer = client.producer({ allowAutoTopicCreation: false })
  await producer.connect()
  try {
    const messages = Array.from({ length: partitions }, (_, partition) => ({
      key: MARK,
      value: MARK,
      partition,
    }))
    await producer.send({ topic, messages })
  } finally {
    await producer.disconnect()
  }
}

function recordOf(message: KafkaMessage): TopicRecord {
  const { firstOffset, producerId } = (message as unknown as WithBatch).batchContext
  const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)])
  return {
    offset: BigInt(message.offset),
    batch: BigInt(firstOffset),
    producerId: BigInt(producerId),
    headers: Object.fromEntries(headers) as Record<string, string>,
  }
}
