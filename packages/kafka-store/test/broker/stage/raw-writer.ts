import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import type { KafkaPort, ProduceAnswer } from '../../../src/protocol/port.js'
import { BATCH } from '../../../src/record/batch-layout.js'
import { BatchEncoder, writeHead, type BatchHead } from '../../../src/record/batch-encoder.js'
import { encodeGenesis } from '../../../src/validity/genesis.js'
import { RESERVED_PRODUCER } from '../../../src/validity/reserved-producer.js'
import { openRawPort } from './raw-port.js'

/** A batch of events as some writer makes it. */
export interface RawBatch extends Partial<Omit<BatchHead, 'producerId'>> {
  readonly logId: string
  readonly after: number
  readonly stream?: string
  readonly firstVersion?: number
  readonly events?: number
  readonly commandId?: string
}

/** Encodes a batch of events. */
export function rawBatch(batch: RawBatch): Buffer {
  const { logId, after, stream = 'account-1', firstVersion = 0, events = 1, commandId = randomUUID() } = batch
  const encoder = new BatchEncoder(logId)
  encoder.begin()
  const list = Array.from({ length: events }, () => ({
    id: randomUUID(),
    type: 'test.happened',
    schemaVersion: 1,
    data: '{}',
  }))
  const writes = [{ stream, events: list }]
  const versions = [firstVersion + events - 1]
  encoder.add({ time: Date.now(), commandId, writes, versions }, after)
  return Buffer.from(encoder.end(headOf(batch)))
}

/** Encodes a genesis record. */
export function rawGenesis(genesis: {
  readonly logId: string
  readonly partitions?: number
  readonly format?: number
  readonly after?: number
  readonly sequence?: number
}): Buffer {
  const { logId, partitions = 1, format = 1, after = -1, sequence = 0 } = genesis
  return encodeGenesis({ logId, partitions, format }, after, headOf({ sequence }))
}

/** The same records with another epoch and sequence, as a broker takes them that does not remember the writer. */
export function resequenced(batch: Buffer, epoch: number, sequence: number): Buffer {
  const copy = Buffer.from(batch)
  const timestamp = Number(copy.readBigInt64BE(BATCH.baseTimestamp))
  writeHead(copy, copy.length, copy.readInt32BE(BATCH.count), {
    producerId: RESERVED_PRODUCER,
    epoch,
    sequence,
    timestamp,
  })
  return copy
}

/** Somebody who writes what he wants. */
export class RawWriter {
  private constructor(private readonly port: KafkaPort) {}

  static async open(topic: string): Promise<RawWriter> {
    const port = await openRawPort(topic)
    onTestFinished(() => port.close())
    return new RawWriter(port)
  }

  /** Sends a batch. @returns the broker's answer */
  send(batch: Buffer, partition = 0): Promise<ProduceAnswer> {
    return this.port.produce(partition, batch, 5000)
  }

  /** Writes a batch. @returns its offset @throws when the broker refuses it */
  async write(batch: Buffer, partition = 0): Promise<number> {
    const { errorCode, baseOffset } = await this.send(batch, partition)
    if (errorCode !== 0) throw new Error(`the broker refused the batch with ${errorCode}`)
    return baseOffset
  }
}

function headOf({ epoch = 0, sequence = 0, timestamp = Date.now() }: Partial<BatchHead>): BatchHead {
  return { producerId: RESERVED_PRODUCER, epoch, sequence, timestamp }
}
