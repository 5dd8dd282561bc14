import { LogIntegrityError } from '@hindcast/core'
import type { Environment } from '../environment/environment.js'
import { APPENDS_PER_PAGE, encodePage, type PageItem } from '../page/stream-page.js'
import { countEvents, type AppendRecord, type RecordedWrite } from '../record/append-record.js'
import { encodeAppend } from '../record/encode-append.js'
import { NO_OFFSET } from '../record/layout.js'
import type { StoredAppend } from '../record/stored-append.js'
import { writeTo } from '../record/stored-write.js'
import type { IndexView } from './index-view.js'
import { encodePartition, type PartitionState } from './partition-state.js'
import type { Recent } from './recent.js'
import { encodeHead, type StreamHead } from './stream-head.js'

const offsetBytes = Buffer.allocUnsafeSlow(6)

/**
 * One write transaction of the index. What it reads includes what it wrote; heads and partition states are kept here and
 * written once, at its end, however many appends there are for them.
 */
export class IndexTransaction {
  private readonly changedHeads = new Set<string>()
  private readonly changedPartitions = new Set<number>()

  /** @internal */
  constructor(
    private readonly environment: Environment,
    private readonly view: IndexView,
    private readonly recent: Recent,
  ) {}

  /** Where a stream stands; undefined for one without events. */
  head(stream: string): StreamHead | undefined {
    return this.recent.heads.get(stream) ?? this.view.head(stream)
  }

  /** How far a partition has come. */
  partition(partition: number): PartitionState {
    const known = this.recent.partitions.get(partition)
    if (known) return known
    const state = this.view.partition(partition)
    this.recent.partitions.set(partition, state)
    return state
  }

  /** The append that was made under a command id. */
  command(partition: number, commandId: string): StoredAppend | undefined {
    return this.recent.isNew(commandId) ? undefined : this.view.command(partition, commandId)
  }

  /** The id of the last event of a stream, whose head this is. */
  lastEventId(stream: string, head: StreamHead): string {
    return this.view.lastEventId(stream, head)
  }

  /**
   * Adds an append, and moves its partition behind it.
   *
   * @throws LogIntegrityError when it lies below the partition's position, its versions do not continue its streams, or its
   *   command id was used before in its partition.
   */
  append(append: AppendRecord): void {
    const { partition, offset, commandId } = append
    const state = this.partition(partition)
    if (offset < state.next) throw tooLate(append, state)
    const heads = append.writes.map(write => this.headBefore(append, write))
    const bytes = encodeAppend(
      append,
      heads.map(head => head?.lastAppend ?? NO_OFFSET),
    )
    offsetBytes.writeUIntLE(offset, 0, 6)
    // Neither can be there already. Should it be so nevertheless, an error is better than an append that is lost.
    if (!this.environment.log.add({ partition, offset }, bytes)) throw alreadyThere(append)
    if (!this.environment.commands.add({ commandId, partition }, offsetBytes)) {
      // The caller may go on and commit the rest of the transaction: nothing of this append may be in it.
      this.environment.log.remove({ partition, offset })
      throw alreadyThere(append)
    }
    this.recent.saw(commandId)
    for (let i = 0; i < heads.length; i++) this.moveHead(append, append.writes[i]!, heads[i])
    this.setPartition(partition, {
      next: offset + countEvents(append.writes),
      time: append.time,
      state: state.state,
    })
  }

  /**
   * Moves a partition over records that are no appends, or replaces the state kept beside its position.
   *
   * @param next - not below where the partition is
   */
  moveTo(partition: number, next: number, state?: Uint8Array): void {
    const known = this.partition(partition)
    this.setPartition(partition, {
      next: Math.max(next, known.next),
      time: known.time,
      state: state ?? known.state,
    })
  }

  /** @internal Writes what was kept back. @returns true when this transaction wrote anything */
  finish(): boolean {
    for (const stream of this.changedHeads)
      this.environment.heads.put(stream, encodeHead(this.recent.heads.get(stream)!))
    for (const partition of this.changedPartitions)
      this.environment.about.put(partition, encodePartition(this.recent.partitions.get(partition)!))
    return this.changedPartitions.size > 0
  }

  private setPartition(partition: number, state: PartitionState): void {
    this.recent.partitions.set(partition, state)
    this.changedPartitions.add(partition)
  }

  private headBefore(append: AppendRecord, write: RecordedWrite): StreamHead | undefined {
    const head = this.head(write.stream)
    const due = head ? head.version + 1 : 0
    if (write.firstVersion !== due || (head && head.partition !== append.partition))
      throw doesNotContinue(append, write, due, head?.partition)
    return head
  }

  private moveHead(append: AppendRecord, write: RecordedWrite, before: StreamHead | undefined): void {
    const head: StreamHead = {
      partition: append.partition,
      version: write.firstVersion + write.events.length - 1,
      lastAppend: append.offset,
      unpagedFrom: before?.unpagedFrom ?? 0,
      unpagedAppends: (before?.unpagedAppends ?? 0) + 1,
      lastEventId: write.events[write.events.length - 1]!.id,
    }
    this.recent.heads.set(
      write.stream,
      head.unpagedAppends < APPENDS_PER_PAGE ? head : this.page(write.stream, head),
    )
    this.changedHeads.add(write.stream)
  }

  /** Gathers the stream's appends that are in no page into one. */
  private page(stream: string, head: StreamHead): StreamHead {
    const items: PageItem[] = []
    let offset = head.lastAppend
    for (let i = head.unpagedAppends; i > 0; i--) {
      const append = this.view.append(head.partition, offset)
      items.push({ offset, bytes: append.raw })
      offset = writeTo(append, stream)?.before ?? NO_OFFSET
    }
    this.environment.pages.put({ stream, firstVersion: head.unpagedFrom }, encodePage(items.toReversed()))
    return { ...head, unpagedFrom: head.version + 1, unpagedAppends: 0 }
  }
}

function tooLate({ partition, offset }: AppendRecord, { next }: PartitionState): LogIntegrityError {
  return new LogIntegrityError(
    `an append at offset ${offset} of partition ${partition} came after offset ${next} was reached`,
    { partition, offset, next },
  )
}

function alreadyThere({ partition, offset, commandId }: AppendRecord): LogIntegrityError {
  return new LogIntegrityError(
    `an append at offset ${offset} of partition ${partition}, or one with command id "${commandId}", is already there`,
    { partition, offset, commandId },
  )
}

function doesNotContinue(
  { partition, offset }: AppendRecord,
  { stream, firstVersion }: RecordedWrite,
  due: number,
  home: number | undefined,
): LogIntegrityError {
  const moved = home !== undefined && home !== partition
  const why = moved ? ': processes with different partitionBy have written it' : ''
  return new LogIntegrityError(
    `stream "${stream}" continues with version ${firstVersion} in partition ${partition}, but version ${due} in partition ${home ?? partition} is due${why}`,
    { stream, version: firstVersion, due, partition, offset },
  )
}
