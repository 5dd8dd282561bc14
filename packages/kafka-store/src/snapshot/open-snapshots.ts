import type { SnapshotStore } from '@hindcast/core'
import type { LogIndex } from '../index/log-index.js'
import type { KafkaPort } from '../protocol/port.js'
import type { Life } from '../read/life.js'
import { findTopic, withAdmin, type openPort } from '../store/connect.js'
import type { KafkaSettings } from '../store/options.js'
import { patienceAtStart, whileItGetsOn } from '../store/patience.js'
import { prepareSnapshotTopic } from './prepare-topic.js'
import { readSnapshotTopic } from './read-topic.js'
import { SnapshotReport } from './snapshot-report.js'
import { TopicSnapshots } from './topic-snapshots.js'

const NEW_TOPIC_PAUSE_MS = 30

/**
 * The snapshots of a process: those of its index; where the option is set, also sent to the topic of snapshots, which a process with a new
 * index reads first. Whatever goes wrong with that topic is told, and the index is used alone.
 */
export async function openSnapshots(
  settings: KafkaSettings,
  index: LogIndex,
  partitions: number,
  life: Life,
  connect: typeof openPort,
): Promise<SnapshotStore> {
  const { snapshots } = index.stored
  if (!settings.snapshotTopic) return snapshots
  const isNew = Array.from({ length: partitions }, (_, p) => index.stored.partition(p).next).every(
    next => next === 0,
  )
  const own: KafkaSettings = { ...settings, topic: `${settings.topic}.snapshots` }
  const report = new SnapshotReport(own.topic)
  const port = connect(own)
  life.signal.addEventListener('abort', () => port.close())
  try {
    await withAdmin(own, admin =>
      prepareSnapshotTopic(admin, own.topic, { ...own, partitions: settings.partitions ?? partitions }),
    )
    await untilKnown(port, own, life)
    const reading = (): Promise<void> => readSnapshotTopic(port, life, index.logId, snapshots, report)
    if (isNew) await whileItGetsOn(reading(), patienceAtStart(own))
    return new TopicSnapshots(snapshots, index.logId, port, report, own.requestTimeoutMs)
  } catch (error) {
    port.close()
    if (!life.isOver) report.add('not-read', (error as Error).message)
    return snapshots
  }
}

/** A new topic is known to the broker that made it before it is known to all. */
async function untilKnown(port: KafkaPort, settings: KafkaSettings, life: Life): Promise<void> {
  const deadline = performance.now() + settings.startTimeoutMs
  while (!(await findTopic(port, settings))) {
    if (performance.now() > deadline) throw new Error('the brokers do not know it')
    await life.pause(NEW_TOPIC_PAUSE_MS)
  }
}
