import { KAFKA_ERROR, kafkaErrorName } from '../protocol/error-codes.js'
import { TransportError, type KafkaPort } from '../protocol/port.js'
import type { Life } from '../read/life.js'
import type { PartitionReader } from '../read/partition-reader.js'
import { encodeGenesis, LOG_FORMAT } from '../validity/genesis.js'
import { RESERVED_PRODUCER } from '../validity/reserved-producer.js'
import { isRefusal } from '../writer/answer-table.js'
import { AppendRefusedError } from '../writer/errors.js'
import { TopicForbiddenError } from './errors.js'

const PAUSE_MS = 50
const TIMEOUT_MS = 5000
const FORBIDDEN: ReadonlySet<number> = new Set([
  KAFKA_ERROR.TOPIC_AUTHORIZATION_FAILED,
  KAFKA_ERROR.CLUSTER_AUTHORIZATION_FAILED,
])

/**
 * Writes the genesis record of a partition that has none, by the same compare-and-swap as every append: of several processes
 * that try, one is first. What the broker answers does not matter; what is then in the log does.
 *
 * @returns the log's id
 * @throws TopicForbiddenError, AppendRefusedError
 */
export async function createGenesis(
  port: KafkaPort,
  reader: PartitionReader,
  life: Life,
  wanted: { readonly logId: string; readonly partitions: number },
): Promise<string> {
  const { log } = reader
  for (;;) {
    await reader.toEnd()
    if (log.state.logId !== undefined) return log.state.logId
    const { lastReserved, epoch, sequence, timestamp } = log.state
    const batch = encodeGenesis({ format: LOG_FORMAT, ...wanted }, lastReserved, {
      producerId: RESERVED_PRODUCER,
      epoch,
      sequence,
      timestamp: Math.max(Date.now(), timestamp, 1),
    })
    await send(port, log.partition, batch)
    await reader.toEnd()
    if (log.state.logId === undefined) await life.pause(PAUSE_MS)
  }
}

async function send(port: KafkaPort, partition: number, batch: Buffer): Promise<void> {
  try {
    const { errorCode } = await port.produce(partition, batch, TIMEOUT_MS)
    if (FORBIDDEN.has(errorCode))
      throw new TopicForbiddenError(port.topic, `append to (${kafkaErrorName(errorCode)})`)
    if (isRefusal(errorCode)) throw new AppendRefusedError(port.topic, partition, errorCode, batch.length)
  } catch (error) {
    if (!(error instanceof TransportError)) throw error
    await port.refresh().catch(() => undefined)
  }
}
