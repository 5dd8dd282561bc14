import { createRequire } from 'node:module'
import type { RawEvent, RawScan } from './log-ground.js'
import type { RawTopic } from './raw-kafka.js'

/*
 * kafkajs's consumer spends seconds in its group before it reads; its inside has the plain fetch, which decodes the records
 * as the consumer does.
 */
interface Fetched {
  readonly responses: readonly {
    readonly partitions: readonly {
      readonly partition: number
      readonly highWatermark: string
      readonly messages: readonly Message[]
    }[]
  }[]
}

interface Message {
  readonly offset: string
  readonly key: Buffer | null
  readonly value: Buffer | null
}

interface Broker {
  fetch(request: object): Promise<Fetched>
}

interface Cluster {
  connect(): Promise<void>
  disconnect(): Promise<void>
  addTargetTopic(topic: string): Promise<void>
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Record<string, number[]>
  findBroker(which: { readonly nodeId: string }): Promise<Broker>
}

const require = createRequire(import.meta.url)
const ClusterOf = require('kafkajs/src/cluster') as new (options: object) => Cluster
const { createLogger, LEVELS } = require('kafkajs/src/loggers') as {
  readonly createLogger: (options: object) => object
  LEVELS: { readonly NOTHING: number }
}
const console = require('kafkajs/src/loggers/console') as () => unknown
const socketFactory = require('kafkajs/src/network/socketFactory') as () => object

const FETCH_BYTES = 4_194_304

/** Fetches a whole topic, all partitions of a broker at a time, and lets kafkajs decode it. */
export async function scanTopic(raw: RawTopic): Promise<RawScan> {
  const since = performance.now()
  await using topic = await Topic.connect(raw)
  const counts = await Promise.all(topic.leaders.map(leader => count(topic.fetchFrom(leader))))
  return { records: counts.reduce((sum, n) => sum + n, 0), elapsedMs: performance.now() - since }
}

/**
 * The records of a whole topic as kafkajs decodes them; those of a partition in order.
 *
 * @yields what one fetch gave of a partition
 */
export async function* readTopic(raw: RawTopic): AsyncGenerator<readonly RawEvent[]> {
  await using topic = await Topic.connect(raw)
  for (const leader of topic.leaders)
    for await (const messages of topic.fetchFrom(leader))
      yield messages.map(({ key, value }) => ({ stream: String(key), data: String(value) }))
}

async function count(fetches: AsyncIterable<readonly Message[]>): Promise<number> {
  let records = 0
  for await (const messages of fetches) records += messages.length
  return records
}

/** A broker, and the partitions that it leads. */
interface Leader {
  readonly broker: Broker
  readonly partitions: readonly number[]
}

class Topic implements AsyncDisposable {
  private constructor(
    private readonly cluster: Cluster,
    private readonly topic: string,
    readonly leaders: readonly Leader[],
  ) {}

  static async connect({ brokers, topic, partitions }: RawTopic): Promise<Topic> {
    const cluster = clusterAt(brokers)
    await cluster.connect()
    await cluster.addTargetTopic(topic)
    const led = cluster.findLeaderForPartitions(
      topic,
      Array.from({ length: partitions }, (_, i) => i),
    )
    const leaders = Object.entries(led).map(async ([nodeId, own]) => {
      return { broker: await cluster.findBroker({ nodeId }), partitions: own }
    })
    return new Topic(cluster, topic, await Promise.all(leaders))
  }

  /**
   * All of a broker's partitions, from the first record to the end.
   *
   * @yields what one fetch gave of a partition
   */
  async *fetchFrom({ broker, partitions }: Leader): AsyncGenerator<readonly Message[]> {
    const next = new Map(partitions.map(partition => [partition, 0]))
    while (next.size > 0) {
      const { responses } = await broker.fetch(this.request(next))
      for (const { partitions: answers } of responses)
        for (const { partition, highWatermark, messages } of answers) {
          const last = messages.at(-1)
          if (last) next.set(partition, Number(last.offset) + 1)
          if (next.get(partition)! >= Number(highWatermark)) next.delete(partition)
          yield messages
        }
    }
  }

  private request(next: ReadonlyMap<number, number>): object {
    const places = [...next].map(([partition, offset]) => ({
      partition,
      fetchOffset: String(offset),
      currentLeaderEpoch: -1,
      maxBytes: Math.ceil(FETCH_BYTES / next.size),
    }))
    return {
      replicaId: -1,
      isolationLevel: 0,
      maxWaitTime: 100,
      minBytes: 1,
      maxBytes: FETCH_BYTES,
      topics: [{ topic: this.topic, partitions: places }],
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster.disconnect()
  }
}

function clusterAt(brokers: readonly string[]): Cluster {
  return new ClusterOf({
    logger: createLogger({ level: LEVELS.NOTHING, logCreator: console }),
    socketFactory: socketFactory(),
    brokers: [...brokers],
    clientId: 'bench',
    connectionTimeout: 3000,
    requestTimeout: 30_000,
    enforceRequestTimeout: true,
    metadataMaxAge: 300_000,
    offsets: new Map(),
    retry: {},
    allowAutoTopicCreation: false,
    isolationLevel: 0,
  })
}
