import { splitBatches } from '../../../src/record/record-batch.js'
import { openRawPort } from './raw-port.js'

const RESERVED = 2n ** 62n

/** A batch of a topic, as it lies there. */
export interface StoredBatch {
  readonly base: number
  readonly last: number
  readonly ours: boolean
  readonly control: boolean
  readonly codec: string
  readonly epoch: number
  readonly sequence: number
  readonly timestamp: number
  /** `ce_after` of its first record. */
  readonly after: string | undefined
  /** `ce_id` of its records. */
  readonly ids: readonly (string | undefined)[]
  /** By the rule of the log, computed here once more. */
  readonly valid: boolean
}

/** All batches of a partition. */
export async function contentOf(topic: string, partition = 0): Promise<StoredBatch[]> {
  const port = await openRawPort(topic)
  try {
    const { offset: end } = await port.end(partition)
    const batches: StoredBatch[] = []
    let lastReserved = -1
    for (let next = 0; next < end;) {
      const limits = { maxWaitMs: 0, partitionBytes: 4_000_000, maxBytes: 4_000_000 }
      const [answer] = await port.fetch(
        port.metadata.leaders[partition]!,
        [{ partition, offset: next }],
        limits,
      )
      for (const batch of splitBatches(partition, answer!.records)) {
        if (batch.lastOffset < next) continue
        const ours = batch.producerId === RESERVED && !batch.isControl
        const readable = batch.codec === 'none' || batch.codec === 'gzip'
        const records = batch.isControl || !readable ? [] : batch.records()
        const after = records[0]?.header('after')
        batches.push({
          base: batch.baseOffset,
          last: batch.lastOffset,
          ours,
          control: batch.isControl,
          codec: batch.codec,
          epoch: batch.epoch,
          sequence: batch.sequence,
          timestamp: batch.timestamp,
          after,
          ids: records.map(record => record.header('id')),
          valid: ours && after === String(lastReserved),
        })
        next = batch.lastOffset + 1
        if (ours) lastReserved = batch.lastOffset
      }
    }
    return batches
  } finally {
    port.close()
  }
}

/** The ids of the events that happened: those of valid batches, without the genesis. */
export async function validIds(topic: string, partition = 0): Promise<(string | undefined)[]> {
  const valid = (await contentOf(topic, partition)).filter(batch => batch.valid)
  return valid.slice(1).flatMap(({ ids }) => ids)
}

/** How many batches of the protocol's producer never happened. */
export async function voidBatches(topic: string, partition = 0): Promise<number> {
  return (await contentOf(topic, partition)).filter(({ ours, valid }) => ours && !valid).length
}
