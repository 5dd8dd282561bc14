import { createRequire } from 'node:module'
import type { RawScan } from './log-ground.js'
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
      readonly messages: readonly { readonly offset: string }[]
    }[]
  }[]
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
export async function scanTopic({ brokers, topic, partitions }: RawTopic): Promise<RawScan> {
  const cluster = new ClusterOf({
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
  const since = performance.now()
  try {
    await cluster.connect()
    await cluster.addTargetTopic(topic)
    const leaders = cluster.findLeaderForPartitions(
      topic,
      Array.from({ length: partitions }, (_, i) => i),
    )
    const counts = await Promise.all(
      Object.entries(leaders).map(async ([nodeId, own]) =>
        scanBroker(await cluster.findBroker({ nodeId }), topic, own),
      ),
    )
    return { records: counts.reduce((sum, n) => sum + n, 0), elapsedMs: performance.now() - since }
  } finally {
    await cluster.disconnect()
  }
}

async function scanBroker(broker: Broker, topic: string, partitions: readonly number[]): Promise<number> {
  const next = new Map(partitions.map(partition => [partition, 0]))
  let records = 0
  while (next.size > 0) {
    const places = [...next].map(([partition, offset]) => ({
      partition,
      fetchOffset: String(offset),
      currentLeaderEpoch: -1,
      maxBytes: Math.ceil(FETCH_BYTES / next.size),
    }))
    const { responses } = await broker.fetch({
      replicaId: -1,
      isolationLevel: 0,
      maxWaitTime: 100,
      minBytes: 1,
      maxBytes: FETCH_BYTES,
      topics: [{ topic, partitions: places }],
    })
    for (const { partitions: answers } of responses)
      for (const { partition, highWatermark, messages } of answers) {
        const last = messages.at(-1)
        if (last) next.set(partition, Number(last.offset) + 1)
        records += messages.length
        if (next.get(partition)! >= Number(highWatermark)) next.delete(partition)
      }
  }
  return records
}
