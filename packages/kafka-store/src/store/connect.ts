import kafkajs, { type Admin } from 'kafkajs'
import { KAFKA_ERROR } from '../protocol/error-codes.js'
import type { ConnectionOptions } from '../protocol/kafkajs-node.js'
import { KafkajsPort } from '../protocol/kafkajs-port.js'
import type { KafkaPort, TopicMetadata } from '../protocol/port.js'
import { BrokersUnreachableError, KafkaCredentialsError, TopicForbiddenError } from '../topic/errors.js'
import type { KafkaSettings } from './options.js'

const PAUSE_MS = 200

/** Connections for one purpose. @param onMetadata - told of every answer of the cluster about the topic */
export function openPort(settings: KafkaSettings, onMetadata?: (metadata: TopicMetadata) => void): KafkaPort {
  return new KafkajsPort({
    ...connection(settings),
    topic: settings.topic,
    requestTimeoutMs: settings.requestTimeoutMs,
    onMetadata,
  })
}

/**
 * kafkajs's admin client, connected while the work runs. What fails because a broker went away is done again.
 *
 * @throws BrokersUnreachableError when none stays for long enough, KafkaCredentialsError, TopicForbiddenError, and what the work throws
 */
export async function withAdmin<T>(settings: KafkaSettings, work: (admin: Admin) => Promise<T>): Promise<T> {
  const { brokers, topic, startTimeoutMs } = settings
  const deadline = performance.now() + startTimeoutMs
  for (;;) {
    try {
      return await once(settings, work)
    } catch (error) {
      const causes = causesOf(error)
      refuseCredentials(error as Error, brokers)
      if (causes.some(cause => FORBIDDEN.has((cause as { type?: string }).type ?? '')))
        throw new TopicForbiddenError(topic, 'create', error)
      if (!causes.some(isPassing)) throw error
      if (performance.now() > deadline) throw new BrokersUnreachableError(brokers, startTimeoutMs, error)
    }
    await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
  }
}

const FORBIDDEN: ReadonlySet<string> = new Set(['TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED'])

async function once<T>(settings: KafkaSettings, work: (admin: Admin) => Promise<T>): Promise<T> {
  const { brokers, ...rest } = connection(settings)
  const kafka = new kafkajs.Kafka({
    ...rest,
    brokers: [...brokers],
    requestTimeout: settings.requestTimeoutMs,
    retry: { retries: 1 },
    logLevel: kafkajs.logLevel.NOTHING,
  })
  const admin = kafka.admin()
  try {
    await admin.connect()
    return await work(admin)
  } finally {
    await admin.disconnect()
  }
}

/**
 * Asks for the topic until the cluster answers.
 *
 * @returns undefined when there is no such topic
 * @throws BrokersUnreachableError, KafkaCredentialsError, TopicForbiddenError
 */
export async function findTopic(
  port: KafkaPort,
  settings: KafkaSettings,
): Promise<TopicMetadata | undefined> {
  const { brokers, startTimeoutMs, topic } = settings
  const deadline = performance.now() + startTimeoutMs
  for (;;) {
    const answer = await port.refresh().catch((error: unknown) => error as Error)
    if (answer instanceof Error) refuseCredentials(answer, brokers)
    else if (answer.errorCode === KAFKA_ERROR.UNKNOWN_TOPIC_OR_PARTITION) return undefined
    else if (answer.errorCode === KAFKA_ERROR.TOPIC_AUTHORIZATION_FAILED)
      throw new TopicForbiddenError(topic, 'describe')
    else if (
      answer.errorCode === 0 &&
      answer.leaders.length > 0 &&
      answer.leaders.every(leader => leader >= 0)
    )
      return answer
    if (performance.now() > deadline)
      throw new BrokersUnreachableError(
        brokers,
        startTimeoutMs,
        answer instanceof Error ? answer : new Error('some partitions have no leader'),
      )
    await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
  }
}

/** How brokers are reached, as kafkajs takes it. */
export function connection(
  settings: KafkaSettings,
): ConnectionOptions & { readonly brokers: readonly string[] } {
  const { brokers, ssl, sasl, clientId, connectionTimeoutMs } = settings
  return {
    brokers,
    clientId,
    connectionTimeout: connectionTimeoutMs,
    ...(ssl !== undefined && { ssl }),
    ...(sasl !== undefined && { sasl }),
  }
}

/** A wrong password stays wrong: there is no use in trying again. */
export function refuseCredentials(error: Error, brokers: readonly string[]): void {
  for (const cause of causesOf(error))
    if ((isSaslError(cause) && !isPassing(cause)) || CERTIFICATE.test(cause.message))
      throw new KafkaCredentialsError(brokers, cause.message, error)
}

/** kafkajs calls it a failed authentication, too, when the broker freezes or goes away in the middle of it. */
function isPassing(error: Error): boolean {
  if (isSaslError(error)) return CONNECTION_LOST.test(error.message)
  return (error as { retriable?: boolean }).retriable === true
}

function isSaslError(error: Error): boolean {
  return error.name.startsWith('KafkaJSSASL')
}

const CONNECTION_LOST =
  /timed out|connection (error|timeout)|closed connection|connection closed|not connected/i

const CERTIFICATE = /certificate|SSL routines|tlsv1|handshake failure/i

function causesOf(error: unknown): Error[] {
  if (!(error instanceof Error)) return []
  const inner = error instanceof AggregateError ? error.errors : []
  return [error, ...inner.flatMap(causesOf), ...causesOf(error.cause)]
}
