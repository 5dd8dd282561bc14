import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Cluster } from '../../kafka/cluster/cluster.js'
import { checkHistory } from '../checker.js'
import { WriterSlot } from '../process/writer-slot.js'
import { Random } from '../random.js'
import { report, type Report } from '../report.js'
import { startChaosCluster } from './chaos-cluster.js'
import { collectHistory, openDirectly } from './collect-history.js'
import { brokerFaults } from './faults/broker-faults.js'
import { missingFaults } from './faults/fault-counts.js'
import { FaultLog } from './faults/fault-log.js'
import { runLane } from './faults/lane.js'
import { recordFaults } from './faults/record-faults.js'
import { topicFaults } from './faults/topic-faults.js'
import { untilDone } from './faults/until-done.js'
import { writerFaults, type ChaosWriter } from './faults/writer-faults.js'
import { FaultProxy } from './proxy/fault-proxy.js'
import { Recording } from './proxy/recording.js'
import { TopicAdmin } from './topic-admin.js'
import { UNMARKED, type Role } from './writer-order.js'

const PROGRAM = fileURLToPath(new URL('writer-process.js', import.meta.url))
const TOPIC = 'chaos'
const PARTITIONS = 6
/** The last writer is never told of duplicates. Nothing is done to the reader. */
const ROLES: readonly Role[] = ['writer', 'writer', 'writer', 'writer', 'worker', 'reader']
const UNTOLD = 3
/** However slow the machine is, so long after the time asked for a run ends. */
const PATIENCE_SECONDS = 240
const STOP_MS = 90_000

/** What to run. */
export interface KafkaChaosOptions {
  readonly seconds: number
  readonly seed: number
  /** Told what happens, for people. */
  readonly say: (text: string) => void
}

/**
 * Processes append to one topic, on shared streams, while everything happens to them, to the brokers, to the network and to
 * the topic that `faults/fault-counts.ts` lists; then the topic is read by other means and held against what they were told.
 * It goes on until every kind of fault has come.
 */
export async function runKafkaChaos(options: KafkaChaosOptions): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-chaos-'))
  let result: Report
  try {
    options.say('starting three brokers')
    const cluster = await startChaosCluster()
    try {
      result = await runOn(cluster, folder, options)
    } finally {
      for (const broker of cluster.brokers)
        writeFileSync(join(folder, `broker-${broker.node}.log`), broker.log)
      await cluster[Symbol.asyncDispose]()
    }
  } catch (error) {
    throw new Error(`the run ended early; its journals are in ${folder}`, { cause: error })
  }
  if (!result.ok) return { ...result, kept: folder }
  rmSync(folder, { recursive: true, force: true })
  return result
}

async function runOn(
  cluster: Cluster,
  folder: string,
  { seconds, seed, say }: KafkaChaosOptions,
): Promise<Report> {
  const { addresses, brokers } = cluster
  const choices = new Random(seed)
  const fork = (): Random => new Random(choices.whole(0, 2 ** 31))
  const faults = new FaultLog(join(folder, 'faults.jsonl'))
  const recording = new Recording(fork())
  let isRough = false
  const setting = { faults, recording, isRough: () => isRough }
  const proxies = await Promise.all(
    cluster.proxies.map(({ advertised, target }) =>
      FaultProxy.start(advertised, target, { ...setting, random: fork() }),
    ),
  )
  const slots: WriterSlot[] = []
  try {
    const first = await openDirectly(addresses, TOPIC, join(folder, 'index-first'), PARTITIONS)
    await first[Symbol.asyncDispose]()
    await using admin = await TopicAdmin.connect(addresses, TOPIC)
    await admin.allowWriters()
    const writers = makeWriters(cluster, folder)
    slots.push(...writers.map(({ slot }) => slot))
    await Promise.all(slots.map(slot => slot.start(choices.whole(0, 1_000_000))))
    say('four writers and two readers')
    isRough = true
    const start = performance.now()
    const elapsed = (): number => (performance.now() - start) / 1000
    let hasFailed = false
    const isEnough = (): boolean =>
      hasFailed ||
      (elapsed() >= seconds && missingFaults(faults.counts).length === 0) ||
      elapsed() >= seconds + PATIENCE_SECONDS
    const onWriters = writerFaults(
      writers.filter(({ role }) => role !== 'reader'),
      fork(),
      faults,
    )
    const lanes = [
      brokerFaults(brokers, admin, fork(), faults),
      onWriters.lane,
      topicFaults(admin, fork(), faults),
      recordFaults({ addresses, topic: TOPIC, partitions: PARTITIONS }, recording, fork(), faults),
    ]
    const ends = await Promise.allSettled(
      lanes.map(async lane =>
        runLane(lane, fork(), isEnough).catch(error => {
          hasFailed = true
          throw error
        }),
      ),
    )
    for (const end of ends) if (end.status === 'rejected') throw end.reason
    isRough = false
    await onWriters.end()
    const loaded = elapsed()
    say(`${Math.round(loaded)} s under load are over`)
    await untilDone(() => admin.limitMessages(undefined))
    await stopAll(writers, admin)
    const { history, voided } = await collectHistory({
      brokers: addresses,
      topic: TOPIC,
      partitions: PARTITIONS,
      folder,
      slots,
      indexes: writers.filter(({ role }) => role !== 'worker').map(({ dataDir }) => dataDir),
    })
    const result = report({
      store: 'kafka',
      seed,
      seconds: loaded,
      history,
      defects: checkHistory(history),
      faults: faults.counts,
      void: voided,
    })
    const missing = missingFaults(faults.counts)
    return {
      ...result,
      details: [...result.details, ...missing.map(kind => `the fault ${kind} never came`)],
      ok: result.ok && missing.length === 0 && result.acknowledged > 0,
    }
  } finally {
    for (const slot of slots) slot.abandon()
    for (const proxy of proxies) proxy.close()
  }
}

/** Writers first; then it is known how far the readers must come. */
async function stopAll(writers: readonly ChaosWriter[], admin: TopicAdmin): Promise<void> {
  const ofRole = (isWriter: boolean): ChaosWriter[] =>
    writers.filter(({ role }) => (role === 'writer') === isWriter)
  await Promise.all(ofRole(true).map(({ slot }) => slot.stop(STOP_MS)))
  const stopAt = await admin.ends()
  await Promise.all(ofRole(false).map(({ slot }) => slot.stop(STOP_MS, { stopAt })))
}

function makeWriters(cluster: Cluster, folder: string): ChaosWriter[] {
  const journalFolder = join(folder, 'journals')
  mkdirSync(journalFolder)
  return ROLES.map((role, number) => {
    const dataDir = join(folder, `index-${number}`)
    const order = {
      brokers: cluster.proxies.map(({ advertised }) => `127.0.0.1:${advertised}`),
      topic: TOPIC,
      dataDir,
      clientId: `${role}-${number}${number === UNTOLD ? UNMARKED : ''}`,
      role,
    }
    return { slot: new WriterSlot({ number, program: PROGRAM, journalFolder, order }), dataDir, role }
  })
}
