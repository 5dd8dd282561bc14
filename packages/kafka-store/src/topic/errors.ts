import { HindcastError } from '@hindcast/core'

/** No broker could be reached, or none let us in. */
export class BrokersUnreachableError extends HindcastError<'HC_KAFKA_UNREACHABLE'> {
  override readonly name = 'BrokersUnreachableError'
  constructor(brokers: readonly string[], timeoutMs: number, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(
      'HC_KAFKA_UNREACHABLE',
      `no broker of ${brokers.join(', ')} answered within ${timeoutMs} ms: ${reason}. Check the addresses, that the brokers run, and what they advertise (advertised.listeners)`,
      { brokers, timeoutMs, reason },
      { cause, retryable: true },
    )
  }
}

/** A broker refused the credentials. */
export class KafkaCredentialsError extends HindcastError<'HC_KAFKA_CREDENTIALS'> {
  override readonly name = 'KafkaCredentialsError'
  constructor(brokers: readonly string[], reason: string, cause: unknown) {
    super(
      'HC_KAFKA_CREDENTIALS',
      `the brokers ${brokers.join(', ')} refused this process: ${reason}. Check the options sasl and ssl`,
      { brokers, reason },
      { cause },
    )
  }
}

/** There is no such topic, or nobody has made it a log yet. */
export class TopicMissingError extends HindcastError<'HC_KAFKA_TOPIC_MISSING'> {
  override readonly name = 'TopicMissingError'
  /** @param emptyPartition - where the topic is there, but has no genesis record */
  constructor(topic: string, emptyPartition?: number) {
    super(
      'HC_KAFKA_TOPIC_MISSING',
      (emptyPartition === undefined
        ? `there is no topic "${topic}"`
        : `topic "${topic}" is no log yet: partition ${emptyPartition} is empty`) +
        '. A process that takes commands makes it, unless it has createTopic: false; to create it yourself see docs/how-to/run-on-kafka.md',
      { topic, ...(emptyPartition !== undefined && { emptyPartition }) },
    )
  }
}

/** This process may not do with the topic what it must. */
export class TopicForbiddenError extends HindcastError<'HC_KAFKA_FORBIDDEN'> {
  override readonly name = 'TopicForbiddenError'
  constructor(topic: string, operation: string, cause?: unknown) {
    super(
      'HC_KAFKA_FORBIDDEN',
      `this principal may not ${operation} topic "${topic}". A process that appends needs DESCRIBE, DESCRIBE_CONFIGS, READ and WRITE on it, one with only workers DESCRIBE and READ`,
      { topic, operation },
      { cause },
    )
  }
}

/** One setting of a topic that is not as it must be. */
export interface WrongSetting {
  readonly name: string
  /** What it is. */
  readonly value: string
  /** What it must be, and why. */
  readonly fix: string
}

/** The topic's settings would lose events, or let others overwrite them. */
export class TopicSettingsError extends HindcastError<'HC_KAFKA_TOPIC_SETTINGS'> {
  override readonly name = 'TopicSettingsError'
  constructor(topic: string, wrong: readonly WrongSetting[]) {
    const lines = wrong.map(({ name, value, fix }) => `  ${name} is ${value}: ${fix}`)
    super(
      'HC_KAFKA_TOPIC_SETTINGS',
      `topic "${topic}" must be set otherwise before events are written to it:\n${lines.join('\n')}\n` +
        'Change them with kafka-configs.sh --alter --entity-type topics --entity-name <topic> --add-config <name>=<value>',
      { topic, settings: wrong.map(({ name, value }) => `${name}=${value}`) },
    )
  }
}

/** The topic holds somebody else's records. */
export class ForeignTopicError extends HindcastError<'HC_KAFKA_TOPIC_FOREIGN'> {
  override readonly name = 'ForeignTopicError'
  constructor(topic: string, reason: string) {
    super(
      'HC_KAFKA_TOPIC_FOREIGN',
      `topic "${topic}" cannot be a log: ${reason}. Nothing was written. Name another topic, or let it be made`,
      { topic, reason },
    )
  }
}
