import { KAFKA_ERROR } from '../protocol/error-codes.js'
import { TransportError, type FetchAnswer, type FetchLimits, type KafkaPort } from '../protocol/port.js'
import { TopicForbiddenError } from '../topic/errors.js'
import { Doubt } from './doubt.js'
import type { Life } from './life.js'

const HISTORY: FetchLimits = { maxWaitMs: 0, partitionBytes: 2_097_152, maxBytes: 2_097_152 }
const PAUSE_MS = 100

/**
 * Fetches from the partition's leader, until there is an answer.
 *
 * @param known - the partition is known to reach so far; default `offset`
 * @throws TopicForbiddenError, StoreClosedError, LogIntegrityError
 */
export async function fetchAt(
  port: KafkaPort,
  life: Life,
  partition: number,
  offset: number,
  known: number = offset,
): Promise<FetchAnswer> {
  const doubt = new Doubt(port, partition)
  for (;;) {
    life.check('reading the log')
    try {
      const leader = port.metadata.leaders[partition] ?? -1
      const [answer] = await port.fetch(leader, [{ partition, offset }], HISTORY)
      if (answer?.errorCode === 0 && answer.highWatermark >= known) return answer
      if (answer?.errorCode === KAFKA_ERROR.TOPIC_AUTHORIZATION_FAILED)
        throw new TopicForbiddenError(port.topic, 'read')
      if (answer?.errorCode === 0) await doubt.raise(known)
      else if (answer?.errorCode === KAFKA_ERROR.OFFSET_OUT_OF_RANGE) await doubt.raise(offset)
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
    }
    await port.refresh().catch(() => undefined)
    await life.pause(PAUSE_MS)
  }
}
