import { BATCH } from '../../src/record/batch-layout.js'
import { BatchEncoder, writeHead, type BatchHead } from '../../src/record/batch-encoder.js'
import { splitBatches, type RecordBatch } from '../../src/record/record-batch.js'
import { encodeGenesis } from '../../src/validity/genesis.js'
import { RESERVED_PRODUCER } from '../../src/validity/reserved-producer.js'

/** The log of these tests. */
export const LOG_ID = 'log-1'

type Head = Partial<BatchHead>

/** A batch of events with these ids. */
export function eventBatch(ids: readonly string[], after: number, head: Head = {}, logId = LOG_ID): Buffer {
  const encoder = new BatchEncoder(logId)
  encoder.begin()
  const events = ids.map(id => ({ id, type: 'test.happened', schemaVersion: 1, data: '{}' }))
  const writes = [{ stream: 'account-1', events }]
  encoder.add({ time: 1, commandId: ids.join(), writes, versions: [ids.length - 1] }, after)
  return Buffer.from(encoder.end(fullHead(head)))
}

/** The genesis record. */
export function genesisBatch(head: Head = {}, after = -1): Buffer {
  return Buffer.from(encodeGenesis({ format: 1, logId: LOG_ID, partitions: 1 }, after, fullHead(head)))
}

/** The same records by another producer. */
export function byProducer(batch: Buffer, producerId: bigint): Buffer {
  return withHead(batch, { ...fullHead({}), producerId })
}

/** A marker with which Kafka ends a transaction of that producer. */
export function controlBatch(producerId: bigint): Buffer {
  const batch = byProducer(eventBatch(['marker'], -1), producerId)
  batch.writeInt16BE(0b11_0000, BATCH.attributes)
  return batch
}

/** A batch as it lies in the log, its first record at an offset. */
export function placed(batch: Buffer, offset: number): RecordBatch {
  const copy = Buffer.from(batch)
  copy.writeBigInt64BE(BigInt(offset), BATCH.baseOffset)
  return splitBatches(0, copy)[0]!
}

function withHead(batch: Buffer, head: BatchHead): Buffer {
  const copy = Buffer.from(batch)
  writeHead(copy, copy.length, copy.readInt32BE(BATCH.count), head)
  return copy
}

function fullHead({
  producerId = RESERVED_PRODUCER,
  epoch = 0,
  sequence = 0,
  timestamp = 1,
}: Head): BatchHead {
  return { producerId, epoch, sequence, timestamp }
}
