import { join } from 'node:path'
import { systemClock, uuidV7Source, type EventStore } from '@hindcast/core'
import { kafka } from '@hindcast/kafka-store'
import { compareLogs, compareReads, readWholeLog } from '../history/collect.js'
import type { History } from '../history/operation.js'
import type { WriterSlot } from '../process/writer-slot.js'
import { judgeRecords } from './truth/judge-records.js'
import { readTopic } from './truth/read-topic.js'

/** Where a run has left what is known of it. */
export interface RunTraces {
  readonly brokers: readonly string[]
  readonly topic: string
  readonly partitions: number
  readonly folder: string
  readonly slots: readonly WriterSlot[]
  /** The folders of the writers' indexes. */
  readonly indexes: readonly string[]
}

/**
 * The log as an ordinary consumer and the rule on the page give it, beside what the writers noted. The store itself is only
 * compared with that: once with a new index, and once with each index that a writer has left.
 */
export async function collectHistory(
  traces: RunTraces,
): Promise<{ readonly history: History; readonly voided: number }> {
  const { brokers, topic, partitions, folder, slots, indexes } = traces
  const records = await readTopic(brokers, topic, partitions)
  const judged = records.map((some, partition) => judgeRecords(partition, some))
  const log = judged.map(({ events }) => events)
  const disagreements: string[] = []
  for (const dataDir of [join(folder, 'index-new'), ...indexes]) {
    const store = await openDirectly(brokers, topic, dataDir, partitions)
    try {
      disagreements.push(...compareLogs(dataDir, await readWholeLog(store), log))
      disagreements.push(...(await compareReads(store, log)))
    } finally {
      await store[Symbol.asyncDispose]()
    }
  }
  const contents = slots.flatMap(slot => slot.history())
  return {
    history: {
      attempts: contents.flatMap(content => content.attempts),
      subscriptions: contents.flatMap(content => content.subscriptions),
      log,
      disagreements,
    },
    voided: judged.reduce((sum, one) => sum + one.void, 0),
  }
}

/** Opens the store past the proxies. */
export function openDirectly(
  brokers: readonly string[],
  topic: string,
  dataDir: string,
  partitions: number,
): Promise<EventStore> {
  return kafka({ brokers, topic, dataDir, partitions })({
    clock: systemClock,
    ids: uuidV7Source(),
    run: 'all',
  })
}
