import { KAFKA_ERROR } from '../protocol/error-codes.js'
import { TransportError, type FetchAnswer, type FetchLimits, type KafkaPort } from '../protocol/port.js'
import { TopicForbiddenError } from '../topic/errors.js'
import type { Life } from './life.js'
import { cutLog, shrunkLog } from './partition-log.js'

const HISTORY: FetchLimits = { maxWaitMs: 0, partitionBytes: 2_097_152, maxBytes: 2_097_152 }
const PAUSE_MS = 100
const SHRUNK_MS = 10_000

/**
 * Fetches from the partition's leader, until there is an answer.
 *
 * @throws TopicForbiddenError, StoreClosedError, LogIntegrityError
 */
export async function fetchAt(
  port: KafkaPort,
  life: Life,
  partition: number,
  offset: number,
): Promise<FetchAnswer> {
  let outOfRangeSince: number | undefined
  for (;;) {
    life.check('reading the log')
    try {
      const leader = port.metadata.leaders[partition] ?? -1
      const [answer] = await port.fetch(leader, [{ partition, offset }], HISTORY)
      if (answer?.errorCode === 0) return answer
      if (answer?.errorCode === KAFKA_ERROR.TOPIC_AUTHORIZATION_FAILED)
        throw new TopicForbiddenError(port.topic, 'read')
      if (answer?.errorCode === KAFKA_ERROR.OFFSET_OUT_OF_RANGE) {
        if (answer.logStartOffset > offset) throw cutLog(port.topic, partition, answer.logStartOffset)
        outOfRangeSince ??= performance.now()
        if (performance.now() - outOfRangeSince > SHRUNK_MS)
          throw shrunkLog(port.topic, partition, offset, answer.highWatermark)
      }
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
    }
    await port.refresh().catch(() => undefined)
    await life.pause(PAUSE_MS)
  }
}
