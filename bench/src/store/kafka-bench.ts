import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { startCluster } from '#kafka-cluster'
import { canRunKafka } from '#kafka-jars'
import { kafka } from '@hindcast/kafka-store'
import { UsageError } from '../cli/usage-error.js'
import { newFolder } from './data-folder.js'
import type { LogGround, StoreBench } from './log-ground.js'
import { RawKafka, type RawTopic } from './raw-kafka.js'
import { RawLmdb } from './raw-lmdb.js'
import { readTopic, scanTopic } from './scan-topic.js'

const PARTITIONS = 8
/** Callers of the raw library while it is filled. */
const SEVERAL = 1000

/** Where a log stands: all that another process needs. */
interface Place {
  readonly brokers: readonly string[]
  readonly topic: string
  /** For indexes, and for the raw library that streams are read with. */
  readonly folder: string
}

/** The log on Kafka, against kafkajs's idempotent producer with the same durability. */
export function kafkaBench(replicas: 1 | 3): StoreBench {
  return {
    durability:
      replicas === 1
        ? '1 broker: acks=all, in its page cache'
        : `${replicas} brokers, min.insync.replicas 2: acks=all, in the page caches of at least 2`,
    baseline: 'kafkajs, idempotent producer',
    streamsBaseline: 'lmdb, getRange and JSON.parse: a topic cannot be asked for a stream',
    replicas,
    async create() {
      if (!(await canRunKafka()))
        throw new UsageError(
          '--store kafka starts brokers of its own: it needs Java, and Maven to fetch them',
        )
      const folder = await newFolder('kafka')
      const cluster = await startCluster({ brokers: replicas, tuned: 'speed' })
      const topic = `bench-${randomUUID()}`
      return {
        ...ground({ brokers: cluster.addresses, topic, folder }),
        async [Symbol.asyncDispose]() {
          await cluster[Symbol.asyncDispose]()
          await rm(folder, { recursive: true, force: true })
        },
      }
    },
    join: async address => ({
      ...ground(JSON.parse(address) as Place),
      [Symbol.asyncDispose]: async () => undefined,
    }),
  }
}

function ground(place: Place): Omit<LogGround, typeof Symbol.asyncDispose> {
  const { brokers, topic, folder } = place
  const raw: RawTopic = { brokers, topic: `${topic}-raw`, partitions: PARTITIONS }
  return {
    // Each opening fills an index of its own: no two stores can share one.
    log: host =>
      kafka({ brokers, topic, partitions: PARTITIONS, dataDir: join(folder, `index-${randomUUID()}`) })(host),
    raw: callers => RawKafka.connect(raw, callers),
    rawStreams: async () => new RawLmdb(join(folder, 'raw'), SEVERAL),
    rawScan: () => scanTopic({ brokers, topic, partitions: PARTITIONS }),
    rawEvents: async () => () => readTopic({ brokers, topic, partitions: PARTITIONS }),
    address: JSON.stringify(place),
  }
}
