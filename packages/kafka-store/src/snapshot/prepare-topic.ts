import kafkajs, { type Admin } from 'kafkajs'

const PREFERRED_REPLICAS = 3
const RETENTION_DAYS = 30
const DAY_MS = 86_400_000

/**
 * Makes the compacted topic of snapshots, where it is missing: of each build and stream the last one stays, and what nobody saved again
 * for 30 days goes, with the builds that are gone.
 *
 * @throws Error when a topic of this name is there that is not compacted: it is somebody else's
 */
export async function prepareSnapshotTopic(
  admin: Admin,
  topic: string,
  wanted: { readonly partitions: number; readonly replicationFactor: number | undefined },
): Promise<void> {
  if (!(await admin.listTopics()).includes(topic)) {
    const { brokers } = await admin.describeCluster()
    await admin.createTopics({
      waitForLeaders: false,
      topics: [
        {
          topic,
          numPartitions: wanted.partitions,
          replicationFactor: wanted.replicationFactor ?? Math.min(PREFERRED_REPLICAS, brokers.length),
          configEntries: [
            { name: 'cleanup.policy', value: 'compact,delete' },
            { name: 'retention.ms', value: String(RETENTION_DAYS * DAY_MS) },
            { name: 'compression.type', value: 'producer' },
          ],
        },
      ],
    })
    return
  }
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: ['cleanup.policy'] }],
  })
  const policy = resources[0]?.configEntries[0]?.configValue ?? 'unknown'
  if (!policy.includes('compact'))
    throw new Error(
      `its cleanup.policy is ${policy}, it is not a topic of snapshots. Nothing is written to it`,
    )
}
