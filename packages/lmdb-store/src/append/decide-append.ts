import {
  conflictOf,
  makePosition,
  PartitionKeyChangedError,
  repeatedAppend,
  type AppendResult,
  type StreamWrite,
} from '@hindcast/core'
import type { IndexTransaction, RecordedWrite, StreamHead } from '@hindcast/stream-index'
import type { PendingAppend } from './pending-append.js'
import { recordedCommand } from './recorded-command.js'

/**
 * Decides an append on the true state of the log, inside the write transaction, and writes it there when it is accepted.
 *
 * @throws CommandIdReusedError, PartitionKeyChangedError: nothing of this append was written, the transaction goes on.
 */
export function decideAppend(
  transaction: IndexTransaction,
  logId: string,
  append: PendingAppend,
): AppendResult {
  const { writes, options, partition } = append
  const known = transaction.command(partition, options.commandId)
  if (known) return repeatedAppend(recordedCommand(logId, known), writes, options)
  const heads = writes.map(write => transaction.head(write.stream))
  refuseOtherPartition(writes, heads, partition)
  for (let i = 0; i < writes.length; i++) {
    const write = writes[i]!
    const head = heads[i]
    const conflict = conflictOf(write, head && new LastEvent(transaction, write.stream, head))
    if (conflict) return conflict
  }
  return place(transaction, logId, append, heads)
}

function place(
  transaction: IndexTransaction,
  logId: string,
  append: PendingAppend,
  heads: readonly (StreamHead | undefined)[],
): AppendResult {
  const { partition, options, events } = append
  const { next, time } = transaction.partition(partition)
  const versions: number[] = []
  const writes = append.writes.map((write, i): RecordedWrite => {
    const firstVersion = (heads[i]?.version ?? -1) + 1
    versions.push(firstVersion + write.events.length - 1)
    return { stream: write.stream, firstVersion, events: write.events }
  })
  const { commandId, command, result, metadata } = options
  transaction.append({
    partition,
    offset: next,
    time: Math.max(time, append.time),
    commandId,
    command,
    result,
    metadata,
    writes,
  })
  return {
    kind: 'appended',
    repeated: false,
    versions,
    position: makePosition(logId, partition, BigInt(next + events - 1)),
  }
}

function refuseOtherPartition(
  writes: readonly StreamWrite[],
  heads: readonly (StreamHead | undefined)[],
  partition: number,
): void {
  for (let i = 0; i < writes.length; i++) {
    const home = heads[i]?.partition
    if (home !== undefined && home !== partition)
      throw new PartitionKeyChangedError(writes[i]!.stream, home, partition)
  }
}

/** A stream's last event; its id is looked up only if somebody asks. */
class LastEvent {
  constructor(
    private readonly transaction: IndexTransaction,
    private readonly stream: string,
    private readonly head: StreamHead,
  ) {}

  get version(): number {
    return this.head.version
  }

  get id(): string {
    return this.transaction.lastEventId(this.stream, this.head)
  }
}
