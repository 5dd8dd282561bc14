import { KAFKA_ERROR } from '../protocol/error-codes.js'
import type { ProduceAnswer } from '../protocol/port.js'

/** What a broker's answer to a batch calls for. */
export type Reaction =
  /** Written now, in the place that was expected: it is valid. */
  | 'committed'
  /** Written somewhere, now or before, by us or by somebody else: read what stands there. */
  | 'read'
  /** Somebody appended, or a dying leader believes so: read, and send the same again if nothing is there. */
  | 'read-again'
  /** The broker knows another epoch, or none: read to the end and adopt what follows. */
  | 'epoch'
  /** Refused, nothing was written. */
  | 'refused'
  /** Anything: send the same batch again until it is known. */
  | 'unknown'

/** What the writer knows when an answer comes. */
export interface AnswerContext {
  /** True when an answer of this leader without a mark proves that the batch was written now. */
  readonly trusted: boolean
  /** True when the partition stands as it stood when the batch was made. */
  readonly unmoved: boolean
  /** What lies in front of this was applied when the batch was made. */
  readonly decidedOn: number
  /** Where the batch is expected. */
  readonly expectedOffset: number
  /** True when an earlier try of this batch may have been written. Brokers validate before they look for duplicates. */
  readonly maybeWritten: boolean
}

const REFUSALS: ReadonlySet<number> = new Set([
  KAFKA_ERROR.MESSAGE_TOO_LARGE,
  KAFKA_ERROR.RECORD_LIST_TOO_LARGE,
  KAFKA_ERROR.TOPIC_AUTHORIZATION_FAILED,
  KAFKA_ERROR.CLUSTER_AUTHORIZATION_FAILED,
  KAFKA_ERROR.INVALID_TIMESTAMP,
  KAFKA_ERROR.UNSUPPORTED_FOR_MESSAGE_FORMAT,
  KAFKA_ERROR.POLICY_VIOLATION,
  KAFKA_ERROR.INVALID_RECORD,
])

/** True when the broker has looked at the batch and does not take it, whoever sends it and how often. */
export function isRefusal(errorCode: number): boolean {
  return REFUSALS.has(errorCode)
}

/** The table of answers of docs/explanation/conditional-append.md, one row a line. */
export function reactionTo(answer: ProduceAnswer, context: AnswerContext): Reaction {
  switch (answer.errorCode) {
    case 0:
      // A batch of the past, or of another log: the broker does not go by what is in this one.
      if (answer.baseOffset < context.decidedOn) return 'epoch'
      return isPlain(answer, context) ? 'committed' : 'read'
    case KAFKA_ERROR.OUT_OF_ORDER_SEQUENCE_NUMBER:
    case KAFKA_ERROR.DUPLICATE_SEQUENCE_NUMBER:
      return 'read-again'
    case KAFKA_ERROR.INVALID_PRODUCER_EPOCH:
    case KAFKA_ERROR.UNKNOWN_PRODUCER_ID:
      return 'epoch'
    default:
      return isRefusal(answer.errorCode) && !context.maybeWritten ? 'refused' : 'unknown'
  }
}

function isPlain({ baseOffset, logAppendTime }: ProduceAnswer, context: AnswerContext): boolean {
  return context.trusted && context.unmoved && logAppendTime === -1 && baseOffset === context.expectedOffset
}
