import kafkajs, { type Admin } from 'kafkajs'
import { KafkaOptionError } from '../store/options.js'
import { TopicForbiddenError } from './errors.js'
import { createdSettings } from './settings.js'

const PREFERRED_REPLICAS = 3
const DEFAULT_PARTITIONS = 8
const REFUSALS = new Set(['TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED', 'POLICY_VIOLATION'])

/**
 * Makes the topic with the settings that it needs; brokers learn of it a little later. Somebody else may be faster; then
 * theirs is as good, and is checked.
 *
 * @throws TopicForbiddenError, KafkaOptionError
 */
export async function createTopic(
  admin: Admin,
  topic: string,
  wanted: { readonly partitions: number | undefined; readonly replicationFactor: number | undefined },
): Promise<void> {
  const { brokers } = await admin.describeCluster()
  const replicationFactor = wanted.replicationFactor ?? Math.min(PREFERRED_REPLICAS, brokers.length)
  if (replicationFactor > brokers.length)
    throw new KafkaOptionError(
      'replicationFactor',
      replicationFactor,
      `it needs as many brokers, and there are ${brokers.length}`,
    )
  const request = {
    waitForLeaders: false,
    topics: [
      {
        topic,
        numPartitions: wanted.partitions ?? DEFAULT_PARTITIONS,
        replicationFactor,
        configEntries: Object.entries(createdSettings(replicationFactor)).map(([name, value]) => ({
          name,
          value,
        })),
      },
    ],
  }
  await admin.createTopics(request).catch((error: unknown) => {
    throw refusalOf(error, topic) ?? error
  })
}

/** The brokers' word on why the topic may not be made. */
function refusalOf(error: unknown, topic: string): TopicForbiddenError | undefined {
  const errors = error instanceof kafkajs.KafkaJSAggregateError ? error.errors : [error]
  for (const one of errors)
    if (one instanceof kafkajs.KafkaJSProtocolError && REFUSALS.has(one.type))
      return new TopicForbiddenError(topic, `create (${one.type})`, error)
  return undefined
}
