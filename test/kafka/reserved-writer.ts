import { createRequire } from 'node:module'
import kafkajs from 'kafkajs'

/** The producer id that all writers of a log share. */
const RESERVED = '4611686018427387904'

/** A batch as nobody but a store writes it. */
export interface ReservedBatch {
  readonly epoch: number
  readonly sequence: number
  readonly events: readonly { readonly headers: Readonly<Record<string, string>>; readonly value: string }[]
}

interface Broker {
  produce(request: object): Promise<{ readonly topics: readonly object[] }>
}
interface Cluster {
  connect(): Promise<void>
  disconnect(): Promise<void>
  addTargetTopic(topic: string): Promise<void>
  findTopicPartitionMetadata(topic: string): readonly { readonly leader: number }[]
  findBroker(at: { readonly nodeId: string }): Promise<Broker>
}

/** kafkajs has no public call for a batch with a producer id of one's choice; what is underneath has. */
function clusterOf(brokers: readonly string[]): Cluster {
  const client = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING })
  const symbol = Object.getOwnPropertySymbols(client).find(each => String(each).includes('createCluster'))
  return (client as unknown as Record<symbol, (options: object) => Cluster>)[symbol!]!({
    metadataMaxAge: 300_000,
    allowAutoTopicCreation: false,
  })
}

const Long = createRequire(import.meta.url)('kafkajs/src/utils/long') as { fromValue(value: string): unknown }

/** Writes batches under the shared producer id to partition 0 of a topic, whatever the log says. */
export async function writeReserved(
  brokers: readonly string[],
  topic: string,
  batches: readonly ReservedBatch[],
): Promise<void> {
  const cluster = clusterOf(brokers)
  await cluster.connect()
  try {
    await cluster.addTargetTopic(topic)
    const [{ leader } = { leader: -1 }] = cluster.findTopicPartitionMetadata(topic)
    const broker = await cluster.findBroker({ nodeId: String(leader) })
    for (const { epoch, sequence, events } of batches)
      await broker.produce({
        producerId: Long.fromValue(RESERVED),
        producerEpoch: epoch,
        topicData: [
          {
            topic,
            partitions: [
              {
                partition: 0,
                firstSequence: sequence,
                messages: events.map(event => ({ key: 'k', timestamp: Date.now(), ...event })),
              },
            ],
          },
        ],
      })
  } finally {
    await cluster.disconnect()
  }
}
