import type { EventStore, StoreHost } from '@hindcast/core'
import { openIndex } from '../index/open-index.js'
import type { LogIndex } from '../index/log-index.js'
import { appliedRun } from '../index/placed-append.js'
import type { KafkaPort } from '../protocol/port.js'
import { fetchAt } from '../read/fetch-at.js'
import { Life } from '../read/life.js'
import { PartitionLog, type RecordSink } from '../read/partition-log.js'
import { SkipReport } from '../read/report.js'
import { Tail } from '../read/tail.js'
import { DuplicateMarks } from '../writer/duplicate-marks.js'
import { findWrongSettings } from '../topic/check-topic.js'
import type { WrongSetting } from '../topic/errors.js'
import { TopicWatch } from '../topic/topic-watch.js'
import { openSnapshots } from '../snapshot/open-snapshots.js'
import { findTopic, openPort, withAdmin } from './connect.js'
import { KafkaReadingStore } from './kafka-reading-store.js'
import { KafkaStore } from './kafka-store.js'
import { openLog, openLogToRead } from './open-log.js'
import type { KafkaSettings } from './options.js'
import { groupOwnership } from '../ownership/kafka-ownership.js'
import { patienceAtStart, whileItGetsOn, type Patience } from './patience.js'
import { PartitionRoom } from './partition-room.js'

const PROGRESS_MS = 1000

/**
 * Opens the store as a process needs it: one with only workers reads, without an index.
 *
 * @param connect - opens a port; called first for fetches and appends, then for the tails
 */
export function openStore(
  settings: KafkaSettings,
  host: StoreHost,
  connect: Connect = openPort,
): Promise<EventStore> {
  return host.run === 'workers' ? openToRead(settings, connect) : openToAppend(settings, host, connect)
}

type Connect = typeof openPort

async function openToRead(settings: KafkaSettings, connect: Connect): Promise<EventStore> {
  const life = new Life()
  const port = connect(settings)
  const tailPort = connect(settings)
  try {
    const genesis = await whileItGetsOn(openLogToRead(port, life, settings), patienceAtStart(settings))
    await findTopic(tailPort, settings)
    return new KafkaReadingStore(genesis, life, port, tailPort, groupOwnership(settings))
  } catch (error) {
    life.end()
    port.close()
    tailPort.close()
    throw error
  }
}

async function openToAppend(settings: KafkaSettings, host: StoreHost, connect: Connect): Promise<EventStore> {
  const life = new Life()
  const watch = new TopicWatch(settings.topic, life)
  const port = connect(settings, metadata => watch.see(metadata))
  const tailPort = connect(settings, metadata => watch.see(metadata))
  const patience = patienceAtStart(settings)
  let index: LogIndex | undefined
  try {
    const genesis = await whileItGetsOn(openLog(port, life, settings), patience)
    index = await openIndex(settings.dataDir, genesis, (partition, offset, known) =>
      whileItGetsOn(fetchAt(port, life, partition, offset, known), patience),
    )
    const rooms = makeRooms(port, life, index, settings, genesis.partitions)
    const [snapshots] = await Promise.all([
      openSnapshots(settings, index, genesis.partitions, life, connect),
      fill(rooms, settings, patience),
    ])
    await findTopic(tailPort, settings)
    const tail = new Tail(tailPort, life, (partition, end) => rooms[partition]!.grown(end))
    for (const { log } of rooms) tail.listen(log.partition, log.state.next)
    watch.begin({
      partitions: genesis.partitions,
      stop: reason => rooms.forEach(({ writer }) => writer.fail(reason)),
      look: () => lookAgain(port, settings),
      everyMs: settings.recheckMs,
    })
    const ports = [port, tailPort]
    const looks = { brokers: settings.brokers, patienceMs: settings.appendTimeoutMs }
    return new KafkaStore(host, life, index, rooms, ports, looks, groupOwnership(settings), snapshots)
  } catch (error) {
    life.end()
    port.close()
    tailPort.close()
    await index?.close()
    throw error
  }
}

async function lookAgain(port: KafkaPort, settings: KafkaSettings): Promise<readonly WrongSetting[]> {
  const { replicas } = await port.refresh()
  const wrong = await withAdmin(settings, admin => findWrongSettings(admin, settings.topic, replicas))
  return wrong ?? []
}

function makeRooms(
  port: KafkaPort,
  life: Life,
  index: LogIndex,
  settings: KafkaSettings,
  partitions: number,
): PartitionRoom[] {
  const report = new SkipReport(settings.topic)
  const setting = {
    port,
    marks: new DuplicateMarks(),
    appendTimeoutMs: settings.appendTimeoutMs,
    maxStalenessMs: settings.maxStalenessMs,
    produceTimeoutMs: settings.requestTimeoutMs,
  }
  const sink: RecordSink = {
    add: (partition, events, state, batch) =>
      index.add(partition, events.length > 0 ? appliedRun(batch, events) : undefined, state),
    room: () => index.room(),
  }
  return Array.from({ length: partitions }, (_, partition) => {
    const log = new PartitionLog(partition, index.state(partition), sink, report)
    return new PartitionRoom(log, life, index, setting)
  })
}

/** Brings the index up to the end of the log. @throws LogIntegrityError when the log is shorter than the index */
async function fill(
  rooms: readonly PartitionRoom[],
  { onProgress }: KafkaSettings,
  patience: Patience,
): Promise<void> {
  const starts = rooms.map(({ log }) => log.state.next)
  const ends = await whileItGetsOn(Promise.all(rooms.map(({ reader }) => reader.end())), patience)
  const total = ends.reduce((sum, end, partition) => sum + end - starts[partition]!, 0)
  const read = (): number =>
    rooms.reduce((sum, { log }, partition) => sum + log.state.next - starts[partition]!, 0)
  const timer = setInterval(() => onProgress({ read: read(), total }), PROGRESS_MS)
  try {
    await whileItGetsOn(Promise.all(rooms.map(({ reader }) => reader.toEnd())), patience, read)
  } finally {
    clearInterval(timer)
  }
}
