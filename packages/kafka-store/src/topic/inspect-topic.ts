import { findTopic, openPort, withAdmin } from '../store/connect.js'
import { settle, type KafkaOptions } from '../store/options.js'
import { readSettings } from './check-topic.js'
import { TopicMissingError } from './errors.js'
import { judgeSettings, type TopicSetting } from './settings.js'

/** What a topic is like. */
export interface TopicReport {
  /** The topic. */
  readonly topic: string
  /** How many partitions it has. */
  readonly partitions: number
  /** How many replicas its partitions have. */
  readonly replicas: number
  /** Every setting that matters and that the brokers know; undefined without the right to see them (DESCRIBE_CONFIGS). */
  readonly settings: readonly TopicSetting[] | undefined
}

/**
 * Looks at a topic without opening it as a store: every setting that matters, what it is, and what it must be. Writes nothing.
 *
 * @param options - those of {@link kafka}
 * @throws KafkaOptionError, BrokersUnreachableError, KafkaCredentialsError, TopicMissingError, TopicForbiddenError
 */
export async function inspectTopic(options: KafkaOptions): Promise<TopicReport> {
  const settings = settle(options)
  const { topic } = settings
  const port = openPort(settings)
  try {
    const found = await findTopic(port, settings)
    if (!found) throw new TopicMissingError(topic)
    const { leaders, replicas } = found
    const values = await withAdmin(settings, admin => readSettings(admin, topic))
    return {
      topic,
      partitions: leaders.length,
      replicas,
      settings: values && judgeSettings(values, replicas),
    }
  } finally {
    port.close()
  }
}
