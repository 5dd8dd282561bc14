import { HindcastError } from '@hindcast/core'
import { KAFKA_ERROR, kafkaErrorName } from '../protocol/error-codes.js'

const ADVICE: Readonly<Record<number, string>> = {
  [KAFKA_ERROR.GROUP_AUTHORIZATION_FAILED]:
    'Give this principal READ on the group, or on all with this prefix',
  [KAFKA_ERROR.INCONSISTENT_GROUP_PROTOCOL]:
    'Other consumers use a group of this name: set the option group to a name of your own',
  [KAFKA_ERROR.INVALID_SESSION_TIMEOUT]:
    "Set sessionTimeoutMs between the broker's group.min.session.timeout.ms and group.max.session.timeout.ms",
  [KAFKA_ERROR.GROUP_MAX_SIZE_REACHED]: "Start fewer processes, or raise the broker's group.max.size",
}

/** True for answers that do not change by asking again. */
export function isGroupRefusal(errorCode: number): boolean {
  return errorCode in ADVICE
}

/** A consumer group does not take this process as a member. */
export class GroupRefusedError extends HindcastError<'HC_KAFKA_GROUP'> {
  override readonly name = 'GroupRefusedError'
  constructor(group: string, errorCode: number) {
    const reason = kafkaErrorName(errorCode)
    super(
      'HC_KAFKA_GROUP',
      `consumer group "${group}", by which workers share partitions, refused this process with ${reason}. ${ADVICE[errorCode] ?? 'Look up the error in the documentation of the broker'}`,
      { group, reason },
    )
  }
}
