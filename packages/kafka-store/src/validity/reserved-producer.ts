/**
 * The producer id that all writers of all logs share. Brokers allot ids from 0 upwards in blocks of a thousand, so this one
 * they never reach.
 */
export const RESERVED_PRODUCER: bigint = 2n ** 62n

/** Sequence numbers run from 0 to this one, and then from 0 again. */
export const LAST_SEQUENCE: number = 2 ** 31 - 1

/** The sequence number that follows `count` records from `sequence` on. */
export function sequenceAfter(sequence: number, count: number): number {
  return (sequence + count) % (LAST_SEQUENCE + 1)
}

/** The largest producer epoch. */
export const LAST_EPOCH = 32_767
