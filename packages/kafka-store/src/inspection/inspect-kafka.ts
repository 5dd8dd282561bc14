import { inspectFolder, type Finding } from '@hindcast/core'
import { withAdmin } from '../store/connect.js'
import { settle, type KafkaOptions, type KafkaSettings } from '../store/options.js'
import { TopicMissingError } from '../topic/errors.js'
import { inspectTopic } from '../topic/inspect-topic.js'
import { inspectBroker } from './inspect-broker.js'
import { newestRecord } from './newest-record.js'
import { judgeNewestRecord, judgeReplicas, judgeTopic } from './judge-topic.js'

/** How long to look for the cluster. */
const LOOKING_MS = 5_000

/**
 * Looks at everything that the promises of a log on Kafka depend on: each broker, the topic's settings and replicas, the clock
 * against those of the writers, and the folder of the index. Changes nothing, never throws.
 *
 * @param options - those of {@link kafka}
 */
export async function inspectKafka(options: KafkaOptions): Promise<readonly Finding[]> {
  const settings = settle(options)
  const brief = { ...options, startTimeoutMs: Math.min(LOOKING_MS, settings.startTimeoutMs) }
  const brokers = await Promise.all(settings.brokers.map(address => inspectBroker(address)))
  const folder = await inspectFolder({ name: 'index folder', folder: settings.dataDir, holds: 'copy' })
  return [...brokers, ...(await inspectLog(brief)), ...folder]
}

async function inspectLog(options: KafkaOptions): Promise<readonly Finding[]> {
  const settings = settle(options)
  const { topic } = settings
  try {
    const report = await inspectTopic(options)
    const newest = await newestRecord(settings)
    return [
      { subject: `topic "${topic}"`, value: `${report.partitions} partitions`, verdict: 'right' },
      ...judgeTopic(report),
      judgeReplicas(topic, await replicasOf(settings)),
      judgeNewestRecord(topic, newest, Date.now()),
    ]
  } catch (error) {
    return [failed(topic, error)]
  }
}

async function replicasOf(settings: KafkaSettings): Promise<readonly { all: number; inSync: number }[]> {
  const { topics } = await withAdmin(settings, admin =>
    admin.fetchTopicMetadata({ topics: [settings.topic] }),
  )
  const [found] = topics
  return (found?.partitions ?? []).map(({ replicas, isr }) => ({ all: replicas.length, inSync: isr.length }))
}

/** Nothing can be said of a topic that is not there yet, or that nobody answers about. */
function failed(topic: string, error: unknown): Finding {
  const subject = `topic "${topic}"`
  if (error instanceof TopicMissingError)
    return {
      ...{ subject, value: 'is not there', verdict: 'doubtful' },
      fix: 'the first process that takes commands makes it with the settings it needs, unless it has createTopic: false',
    }
  const reason = error instanceof Error ? error.message : String(error)
  return { subject, value: 'cannot be looked at', verdict: 'unknown', fix: reason }
}
