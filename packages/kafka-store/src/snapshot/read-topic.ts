import type { SnapshotStore } from '@hindcast/core'
import type { KafkaPort } from '../protocol/port.js'
import { fetchAt } from '../read/fetch-at.js'
import type { Life } from '../read/life.js'
import { splitBatches } from '../record/record-batch.js'
import { snapshotOfRecord } from './snapshot-record.js'
import type { SnapshotReport } from './snapshot-report.js'

/**
 * Takes the snapshots of the topic over into the index. Records that are none of this log, or damaged, are ignored and counted.
 *
 * @throws what fetching throws
 */
export async function readSnapshotTopic(
  port: KafkaPort,
  life: Life,
  logId: string,
  into: SnapshotStore,
  report: SnapshotReport,
): Promise<void> {
  await Promise.all(
    port.metadata.leaders.map((_, partition) => readPartition(port, life, partition, logId, into, report)),
  )
}

async function readPartition(
  port: KafkaPort,
  life: Life,
  partition: number,
  logId: string,
  into: SnapshotStore,
  report: SnapshotReport,
): Promise<void> {
  for (let next = await startOf(port, life, partition); ;) {
    const { records, highWatermark } = await fetchAt(port, life, partition, next)
    const before = next
    const saves: Promise<void>[] = []
    for (const batch of splitBatches(partition, records)) {
      if (batch.lastOffset < next) continue
      next = batch.lastOffset + 1
      try {
        batch.checkCrc()
        for (const record of batch.isControl ? [] : batch.records()) {
          const found = snapshotOfRecord(logId, record)
          if (typeof found === 'string')
            report.add('ignored', `the record at ${partition}:${record.place} is left out: ${found}`)
          else saves.push(into.save(found))
        }
      } catch (error) {
        report.add(
          'ignored',
          `the batch at ${partition}:${batch.baseOffset} is left out: ${(error as Error).message}`,
        )
      }
    }
    await Promise.all(saves)
    // Where compaction took the last records away, a fetch below the end finds nothing.
    if (next >= highWatermark || next === before) return
  }
}

/** The first offset that is still there: retention may have taken what was before. */
async function startOf(port: KafkaPort, life: Life, partition: number): Promise<number> {
  const { offset: end } = await port.end(partition)
  const { logStartOffset } = await fetchAt(port, life, partition, Math.max(end, 0))
  return logStartOffset
}
