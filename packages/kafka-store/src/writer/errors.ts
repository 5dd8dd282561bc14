import { HindcastError } from '@hindcast/core'
import { KAFKA_ERROR, kafkaErrorName } from '../protocol/error-codes.js'

const ADVICE: Readonly<Record<number, string>> = {
  [KAFKA_ERROR.MESSAGE_TOO_LARGE]: "Raise the topic's max.message.bytes to 1048588 or more",
  [KAFKA_ERROR.RECORD_LIST_TOO_LARGE]: "Raise the topic's segment.bytes",
  [KAFKA_ERROR.TOPIC_AUTHORIZATION_FAILED]: 'Give this principal WRITE on the topic',
  [KAFKA_ERROR.CLUSTER_AUTHORIZATION_FAILED]:
    'Give this principal IDEMPOTENT_WRITE on the cluster, which brokers before 4.1 ask for',
  [KAFKA_ERROR.INVALID_TIMESTAMP]:
    "This machine's clock is too far from the broker's: set it, and keep it set (NTP)",
  [KAFKA_ERROR.POLICY_VIOLATION]: "The broker's policy forbids it: ask its operator",
}

/** The broker refused an append: nothing was written, and the store stays usable. */
export class AppendRefusedError extends HindcastError<'HC_KAFKA_REFUSED'> {
  override readonly name = 'AppendRefusedError'
  constructor(topic: string, partition: number, errorCode: number, bytes: number) {
    const reason = kafkaErrorName(errorCode)
    super(
      'HC_KAFKA_REFUSED',
      `the broker refused an append of ${bytes} bytes to partition ${partition} of topic "${topic}" with ${reason}; nothing was written. ${ADVICE[errorCode] ?? 'Look up the error in the documentation of the broker'}`,
      { topic, partition, reason, bytes },
    )
  }
}
