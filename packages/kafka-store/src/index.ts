export type { SnapshotTopicDiagnostic } from './snapshot/snapshot-report.js'
export { kafka } from './kafka.js'
export { KafkaOptionError, type IndexProgress, type KafkaOptions } from './store/options.js'
export {
  BrokersUnreachableError,
  ForeignTopicError,
  KafkaCredentialsError,
  TopicForbiddenError,
  TopicMissingError,
  TopicSettingsError,
  type WrongSetting,
} from './topic/errors.js'
export { inspectKafka } from './inspection/inspect-kafka.js'
export { inspectBroker } from './inspection/inspect-broker.js'
export { judgeNewestRecord, judgeReplicas, judgeTopic } from './inspection/judge-topic.js'
export { inspectTopic, type TopicReport } from './topic/inspect-topic.js'
export type { TopicSetting } from './topic/settings.js'
export type { ChangedSettings } from './topic/topic-watch.js'
export { LogIsACopyError, NewerLogError } from './read/errors.js'
export type { SkippedRecords } from './read/report.js'
export { CodecError, DamagedBatchError } from './record/errors.js'
export { IndexWriteError } from './index/errors.js'
export { kafkaOwnership } from './ownership/kafka-ownership.js'
export { GroupRefusedError } from './ownership/errors.js'
export { AppendRefusedError } from './writer/errors.js'
