import { makePosition, type Appended, type AppendMetadata } from '@hindcast/core'
import type { AppendRecord } from '@hindcast/stream-index'
import type { EncodableWrite } from '../record/batch-encoder.js'
import type { PendingAppend } from './pending-append.js'

/** An append that was accepted, and will lie so many records behind the start of its batch. */
export interface DecidedAppend {
  readonly pending: PendingAppend
  /** Where it begins in the batch. */
  readonly delta: number
  readonly time: number
  readonly commandId: string
  readonly command: string | undefined
  readonly result: string | undefined
  readonly metadata: AppendMetadata | undefined
  readonly writes: readonly EncodableWrite[]
}

/** The append as the log holds it, its batch beginning at an offset. */
export function placedAt(append: DecidedAppend, partition: number, baseOffset: number): AppendRecord {
  const { time, commandId, command, result, metadata, writes } = append
  return {
    partition,
    offset: baseOffset + append.delta,
    time,
    commandId,
    command,
    result,
    metadata,
    writes,
  }
}

/** The answer to it. */
export function appended(
  append: DecidedAppend,
  logId: string,
  partition: number,
  baseOffset: number,
): Appended {
  return {
    kind: 'appended',
    repeated: false,
    versions: append.writes.map(({ firstVersion, events }) => firstVersion + events.length - 1),
    position: makePosition(logId, partition, BigInt(baseOffset + append.delta + append.pending.events - 1)),
  }
}
