import type { EventStoreFactory, StoreHost } from '@hindcast/core'
import { inspectKafka } from './inspection/inspect-kafka.js'
import { openStore } from './store/open-store.js'
import { settle, type KafkaOptions } from './store/options.js'

/**
 * Events in a topic of Apache Kafka: `kafka({ brokers: ['127.0.0.1:9092'], topic: 'bank' })`. Any number of processes share it.
 *
 * Guarantee: an append is conditional, atomic and idempotent although Kafka has no such call, and acknowledged when as many
 * replicas have it as `min.insync.replicas` asks for; docs/explanation/conditional-append.md says how and why.
 *
 * @throws KafkaOptionError; and when the store is opened BrokersUnreachableError, KafkaCredentialsError, TopicMissingError,
 *   TopicForbiddenError, TopicSettingsError, ForeignTopicError, LogIsACopyError, LogIntegrityError, IndexInUseError and the
 *   other errors of the index's folder
 */
export function kafka(options: KafkaOptions): EventStoreFactory {
  const settings = settle(options)
  return Object.assign((host: StoreHost) => openStore(settings, host), {
    inspect: () => inspectKafka(options),
  })
}
