import { randomUUID } from 'node:crypto'
import type { KafkaPort, TopicMetadata } from '../protocol/port.js'
import { fetchAt } from '../read/fetch-at.js'
import type { Life } from '../read/life.js'
import { PartitionLog } from '../read/partition-log.js'
import { PartitionReader } from '../read/partition-reader.js'
import { SkipReport } from '../read/report.js'
import { checkTopicSettings } from '../topic/check-topic.js'
import { createGenesis } from '../topic/create-genesis.js'
import { createTopic } from '../topic/create-topic.js'
import { ForeignTopicError, TopicMissingError } from '../topic/errors.js'
import { checkIdentity, checkPartitionCount, readBeginning, type Beginning } from '../topic/log-identity.js'
import { LOG_FORMAT, type Genesis } from '../validity/genesis.js'
import { UNREAD } from '../validity/log-state.js'
import { LogIsACopyError, NewerLogError } from '../read/errors.js'
import { findTopic, withAdmin } from './connect.js'
import { KafkaOptionError, type KafkaSettings } from './options.js'

const NEW_TOPIC_PAUSE_MS = 30

/**
 * Makes sure that the topic is a log that this process may append to: makes it, or checks its settings, and gives every
 * partition its genesis record.
 *
 * @returns what the log says of itself
 * @throws BrokersUnreachableError, KafkaCredentialsError, TopicMissingError, TopicForbiddenError, TopicSettingsError,
 *   ForeignTopicError, LogIsACopyError, NewerLogError, LogIntegrityError, KafkaOptionError
 */
export async function openLog(port: KafkaPort, life: Life, settings: KafkaSettings): Promise<Genesis> {
  const topic = await topicOf(port, life, settings)
  await withAdmin(settings, admin => checkTopicSettings(admin, settings.topic, topic.replicas))
  const wanted = { logId: randomUUID(), partitions: topic.leaders.length }
  const log = await establish(port, life, 0, wanted)
  checkPartitionCount(port, log.partitions)
  await Promise.all(
    Array.from({ length: log.partitions - 1 }, async (_, i) => {
      checkIdentity(port, i + 1, await establish(port, life, i + 1, log), log)
    }),
  )
  return log
}

/**
 * What the log of a topic says of itself, for a process that only reads it. It waits until a process that appends has made
 * the log, but not longer than `startTimeoutMs`: both may be started at the same time.
 *
 * @throws TopicMissingError when nobody makes it, and as {@link openLog}
 */
export async function openLogToRead(port: KafkaPort, life: Life, settings: KafkaSettings): Promise<Genesis> {
  const deadline = performance.now() + settings.startTimeoutMs
  for (;;) {
    const found = await findLog(port, life, settings)
    if (!(found instanceof TopicMissingError)) return found
    if (performance.now() > deadline) throw found
    await life.pause(NEW_TOPIC_PAUSE_MS)
  }
}

async function findLog(
  port: KafkaPort,
  life: Life,
  settings: KafkaSettings,
): Promise<Genesis | TopicMissingError> {
  const topic = await findTopic(port, settings)
  if (!topic) return new TopicMissingError(settings.topic)
  const beginnings = await Promise.all(
    topic.leaders.map((_, partition) => beginningOf(port, life, partition)),
  )
  const all: Genesis[] = []
  for (const [partition, beginning] of beginnings.entries()) {
    if (beginning.kind === 'empty') return new TopicMissingError(settings.topic, partition)
    if (beginning.kind === 'copy') throw new LogIsACopyError(beginning.genesis.logId)
    checkFormat(beginning.genesis)
    all.push(beginning.genesis)
  }
  const log = all[0]!
  all.forEach((genesis, partition) => checkIdentity(port, partition, genesis, log))
  checkPartitionCount(port, log.partitions)
  return log
}

async function topicOf(port: KafkaPort, life: Life, settings: KafkaSettings): Promise<TopicMetadata> {
  const { topic, partitions, createTopic: create = true } = settings
  let found = await findTopic(port, settings)
  if (!found && create) {
    await withAdmin(settings, admin => createTopic(admin, topic, settings))
    // A new topic is known to the broker that made it before it is known to all.
    const deadline = performance.now() + settings.startTimeoutMs
    while (!found && performance.now() < deadline) {
      await life.pause(NEW_TOPIC_PAUSE_MS)
      found = await findTopic(port, settings)
    }
  }
  if (!found) throw new TopicMissingError(topic)
  if (partitions !== undefined && found.leaders.length !== partitions)
    throw new KafkaOptionError(
      'partitions',
      partitions,
      `topic "${topic}" has ${found.leaders.length}, for ever. Leave the option out`,
    )
  return found
}

async function establish(
  port: KafkaPort,
  life: Life,
  partition: number,
  wanted: { readonly logId: string; readonly partitions: number },
): Promise<Genesis> {
  let beginning = await beginningOf(port, life, partition)
  if (beginning.kind === 'empty') {
    const sink = { add: () => undefined, room: async () => undefined }
    const log = new PartitionLog(partition, UNREAD, sink, new SkipReport(port.topic))
    await createGenesis(port, new PartitionReader(port, log, life), life, wanted)
    beginning = await beginningOf(port, life, partition)
  }
  if (beginning.kind === 'copy') throw new LogIsACopyError(beginning.genesis.logId)
  if (beginning.kind === 'empty') throw new ForeignTopicError(port.topic, 'its beginning has changed')
  checkFormat(beginning.genesis)
  return beginning.genesis
}

function beginningOf(port: KafkaPort, life: Life, partition: number): Promise<Beginning> {
  return readBeginning(port.topic, partition, offset => fetchAt(port, life, partition, offset))
}

function checkFormat({ format }: Genesis): void {
  if (format > LOG_FORMAT) throw new NewerLogError(format, LOG_FORMAT)
}
