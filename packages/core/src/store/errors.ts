import { HindcastError } from '../error/hindcast-error.js'
import type { ExpectedVersion } from './event-store.js'

/** A stream id is not `<category>-<key>` as {@link streamId} describes it. */
export class StreamIdError extends HindcastError<'HC_STREAM_ID'> {
  override readonly name = 'StreamIdError'
  constructor(stream: string, reason: string) {
    super('HC_STREAM_ID', `stream id ${JSON.stringify(stream.slice(0, 220))} is refused: ${reason}`, {
      stream,
      reason,
    })
  }
}

/** An append, a read or an option of one is malformed; nothing was written. */
export class InvalidAppendError extends HindcastError<'HC_APPEND_INVALID'> {
  override readonly name = 'InvalidAppendError'
  constructor(reason: string, context: Record<string, string | number> = {}) {
    super('HC_APPEND_INVALID', `append refused, nothing was written: ${reason}`, { reason, ...context })
  }
}

/** The streams of one append lie in different partitions, which no store can write atomically. */
export class AppendAcrossPartitionsError extends HindcastError<'HC_APPEND_ACROSS_PARTITIONS'> {
  override readonly name = 'AppendAcrossPartitionsError'
  constructor(first: string, firstPartition: number, other: string, otherPartition: number) {
    super(
      'HC_APPEND_ACROSS_PARTITIONS',
      `append refused, nothing was written: stream "${first}" is in partition ${firstPartition} and stream "${other}" in partition ${otherPartition}; ` +
        'one append writes one partition. Give both aggregates the same partition key (@Aggregate(…, { partitionBy })) or append twice',
      { first, firstPartition, other, otherPartition },
    )
  }
}

/** Something is larger than a limit of {@link LIMITS}; nothing was written. */
export class LimitExceededError extends HindcastError<'HC_LIMIT_EXCEEDED'> {
  override readonly name = 'LimitExceededError'
  constructor(what: string, actual: number, maximum: number, unit: string, advice: string) {
    super(
      'HC_LIMIT_EXCEEDED',
      `${what} is ${actual} ${unit}, the limit is ${maximum} ${unit}; nothing was written. ${advice}`,
      {
        what,
        actual,
        maximum,
        unit,
      },
    )
  }
}

/** A stream was first written with another partition key: it would come to lie in two partitions. */
export class PartitionKeyChangedError extends HindcastError<'HC_PARTITION_KEY_CHANGED'> {
  override readonly name = 'PartitionKeyChangedError'
  constructor(stream: string, partition: number, asked: number) {
    super(
      'HC_PARTITION_KEY_CHANGED',
      `stream "${stream}" lives in partition ${partition}, but its partition key now names partition ${asked}; nothing was written. ` +
        'A partition key never changes once events exist: restore the previous partitionBy, or import the log into a new one',
      { stream, partition, asked },
    )
  }
}

/** A command id was used before for another command or another stream. */
export class CommandIdReusedError extends HindcastError<'HC_COMMAND_ID_REUSED'> {
  override readonly name = 'CommandIdReusedError'
  constructor(commandId: string, before: string, now: string) {
    super(
      'HC_COMMAND_ID_REUSED',
      `command id "${commandId}" was already used for ${before} and cannot be used for ${now}; nothing was written. Give every command an id of its own`,
      { commandId, before, now },
    )
  }
}

/** The store was closed; nothing was written by this call. */
export class StoreClosedError extends HindcastError<'HC_STORE_CLOSED'> {
  override readonly name = 'StoreClosedError'
  constructor(operation: string) {
    super('HC_STORE_CLOSED', `${operation} refused: the event store is closed. Open it again to go on`, {
      operation,
    })
  }
}

/** The store cannot tell whether the append was written: repeat the command with the same command id. */
export class AppendOutcomeUnknownError extends HindcastError<'HC_APPEND_OUTCOME_UNKNOWN'> {
  override readonly name = 'AppendOutcomeUnknownError'
  constructor(stream: string, commandId: string, timeoutMs: number, options: ErrorOptions = {}) {
    super(
      'HC_APPEND_OUTCOME_UNKNOWN',
      `the append to stream "${stream}" was sent, but no answer came within ${timeoutMs} ms: it may or may not be written. ` +
        `Repeat the command with the same command id ("${commandId}"): it is then written exactly once`,
      { stream, commandId, timeoutMs },
      { ...options, retryable: true },
    )
  }
}

/** The append was never sent, so nothing was written: repeat it. */
export class AppendNotSentError extends HindcastError<'HC_APPEND_NOT_SENT'> {
  override readonly name = 'AppendNotSentError'
  constructor(stream: string, commandId: string, reason: string, options: ErrorOptions = {}) {
    super(
      'HC_APPEND_NOT_SENT',
      `the append to stream "${stream}" (command id "${commandId}") was not sent, nothing was written: ${reason}. Repeat the command`,
      { stream, commandId, reason },
      { ...options, retryable: true },
    )
  }
}

/** The log is not what it must be: damaged, shrunk, or written by something that does not follow the protocol. */
export class LogIntegrityError extends HindcastError<'HC_LOG_INTEGRITY'> {
  override readonly name = 'LogIntegrityError'
  constructor(reason: string, context: Record<string, string | number> = {}, options: ErrorOptions = {}) {
    super('HC_LOG_INTEGRITY', `the log cannot be trusted: ${reason}`, { reason, ...context }, options)
  }
}

/** A partition number is not one of the log's. */
export class UnknownPartitionError extends HindcastError<'HC_PARTITION_UNKNOWN'> {
  override readonly name = 'UnknownPartitionError'
  constructor(partition: number, partitions: number) {
    super(
      'HC_PARTITION_UNKNOWN',
      `partition ${partition} does not exist: the log has ${partitions} partitions, 0 to ${partitions - 1}`,
      { partition, partitions },
    )
  }
}

/** A read names a place that the log does not have. */
export class ReadOutOfRangeError extends HindcastError<'HC_READ_OUT_OF_RANGE'> {
  override readonly name = 'ReadOutOfRangeError'
  constructor(partition: number, from: bigint, end: bigint) {
    super(
      'HC_READ_OUT_OF_RANGE',
      `partition ${partition} ends at offset ${end}, reading from offset ${from} is impossible: the checkpoint belongs to another or a longer log`,
      { partition, from: String(from), end: String(end) },
    )
  }
}

/** A position is malformed, or belongs to another log. */
export class PositionError extends HindcastError<'HC_POSITION'> {
  override readonly name = 'PositionError'
  constructor(position: string, reason: string) {
    super('HC_POSITION', `position ${JSON.stringify(position)} cannot be used: ${reason}`, {
      position,
      reason,
    })
  }
}

/** How an expected version reads in a message. */
export function describeExpected(expected: ExpectedVersion): string {
  return typeof expected === 'number' ? `version ${expected}` : `'${expected}'`
}
