import { InvalidAppendError } from './errors.js'
import type { ReadLogOptions, ReadStreamOptions } from './event-store.js'
import { checkPartition } from './prepare-append.js'
import { checkStreamId } from './stream-id.js'

/**
 * Checks everything about reading a stream that needs no look at the log; every store calls it first, so that all refuse
 * the same.
 *
 * @throws StreamIdError, InvalidAppendError
 */
export function checkReadStream(stream: string, options: ReadStreamOptions): void {
  checkStreamId(stream)
  const { from, limit, direction } = options
  if (from !== undefined) checkCount('from', from, 0)
  if (limit !== undefined) checkCount('limit', limit, 0)
  if (direction !== undefined && direction !== 'forwards' && direction !== 'backwards')
    throw new InvalidAppendError(
      `the direction ${JSON.stringify(direction)} is not 'forwards' or 'backwards'`,
    )
}

/**
 * Checks everything about reading a partition that needs no look at the log; every store calls it first.
 *
 * @throws UnknownPartitionError, InvalidAppendError
 */
export function checkReadLog(partition: number, partitions: number, options: ReadLogOptions): void {
  checkPartition(partition, partitions)
  const { from, batchEvents } = options
  if (from !== undefined && (typeof from !== 'bigint' || from < 0n))
    throw new InvalidAppendError(`a read from offset ${String(from)}: it is not a bigint of 0n or more`)
  if (batchEvents !== undefined) checkCount('batchEvents', batchEvents, 1)
}

function checkCount(option: string, value: number, minimum: number): void {
  if (!Number.isSafeInteger(value) || value < minimum)
    throw new InvalidAppendError(
      `a read with ${option} ${String(value)}: it is not a whole number of ${minimum} or more`,
    )
}
