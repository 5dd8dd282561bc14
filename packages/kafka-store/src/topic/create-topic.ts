import type { Admin } from 'kafkajs'
import { ForeignTopicError } from './errors.js'
import { createdSettings } from './settings.js'

const PREFERRED_REPLICAS = 3
const DEFAULT_PARTITIONS = 8

/** Makes the topic with the settings that it needs. Somebody else may be faster; then theirs is as good, and is checked. */
export async function createTopic(
  admin: Admin,
  topic: string,
  wanted: { readonly partitions: number | undefined; readonly replicationFactor: number | undefined },
): Promise<void> {
  const { brokers } = await admin.describeCluster()
  const replicationFactor = wanted.replicationFactor ?? Math.min(PREFERRED_REPLICAS, brokers.length)
  if (replicationFactor > brokers.length)
    throw new ForeignTopicError(
      topic,
      `replicationFactor ${replicationFactor} needs as many brokers, there are ${brokers.length}`,
    )
  await admin.createTopics({
    // kafkajs takes a broker that does not yet know the new topic for an error.
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
  })
}
