import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { HindcastError, partitionOf, uuidV7Source, type EventStore } from '@hindcast/core'
import { kafka } from '@hindcast/kafka-store'
import { Journal, readJournal, unansweredBefore } from '../history/journal.js'
import { Random } from '../random.js'
import { LiveReader } from '../workload/live-reader.js'
import { SHARED_STREAMS } from '../workload/plan.js'
import { Writer } from '../workload/writer.js'
import { FOCUS_MS, WRITER, type KafkaWriterMessage, type KafkaWriterOrder } from './writer-order.js'

/**
 * A process that appends to a topic, or reads it, until it is told to stop, or is killed. Its parent reads "working" when it has begun.
 * It may be told to run on with a wrong clock.
 */
const order = JSON.parse(process.argv[2]!) as KafkaWriterOrder
const stop = new AbortController()
let ends: readonly string[] = []
const trueNow = Date.now.bind(Date)
process.on('message', (message: KafkaWriterMessage) => {
  if (message === 'stop') stop.abort()
  else if ('clockOffMs' in message) Date.now = () => trueNow() + message.clockOffMs
  else {
    ends = message.stopAt
    stop.abort()
  }
})
const orphaned = (): never => process.exit(1)
process.on('disconnect', orphaned)

const random = new Random(order.seed)
const store = await open()
const journal = new Journal(order.journal)
if (order.role === 'writer') await write()
else await readAll()
await store[Symbol.asyncDispose]()
journal.close()
process.off('disconnect', orphaned)
process.disconnect()

async function write(): Promise<void> {
  const again = unansweredBefore(order).filter(() => random.chance(0.5))
  const reader = await LiveReader.atEnd(store, journal, random.whole(0, store.partitions - 1))
  process.send!('working')
  await new Writer(store, journal, random, focus).run(order.concurrency, again, stop.signal)
  await reader.finish()
}

async function readAll(): Promise<void> {
  const before = order.before === undefined ? [] : readJournal(order.before, '').subscriptions
  const readers = Array.from({ length: store.partitions }, (_, partition) => {
    const from = before.find(subscription => subscription.partition === partition)?.next ?? 0n
    return LiveReader.at(store, journal, partition, from)
  })
  process.send!('working')
  if (!stop.signal.aborted) await once(stop.signal, 'abort')
  await Promise.all(readers.map((reader, partition) => reader.finish(BigInt(ends[partition] ?? 0))))
}

/** What passes by itself while brokers are away, or the topic is set wrong for a time. */
async function open(): Promise<EventStore> {
  const PASSING = new Set(['HC_KAFKA_UNREACHABLE', 'HC_KAFKA_TOPIC_SETTINGS', 'HC_KAFKA_FORBIDDEN'])
  const { brokers, topic, dataDir, clientId } = order
  const factory = kafka({
    brokers,
    topic,
    dataDir,
    clientId,
    sasl: { mechanism: 'plain', ...WRITER },
    createTopic: false,
    connectionTimeoutMs: 1000,
    requestTimeoutMs: 1500,
    appendTimeoutMs: random.pick([4000, 10_000]),
    maxStalenessMs: random.pick([1000, 300_000]),
  })
  for (;;)
    try {
      return await factory({
        clock: { now: () => new Date(Date.now()) },
        ids: uuidV7Source(),
        run: order.role === 'worker' ? 'workers' : 'all',
      })
    } catch (error) {
      if (!(error instanceof HindcastError) || !PASSING.has(error.code)) throw error
      await pause(200)
    }
}

/** By the monotonic clock of the machine, so that all processes agree. */
function focus(): readonly string[] {
  const turn = Number(process.hrtime.bigint() / 1_000_000n / BigInt(FOCUS_MS))
  if (random.chance(0.001)) return SHARED_STREAMS
  return SHARED_STREAMS.filter(stream => (partitionOf(stream, store.partitions) + turn) % 2 === 0)
}
