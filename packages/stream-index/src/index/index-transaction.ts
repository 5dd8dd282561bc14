import { LogIntegrityError } from '@hindcast/core'
import type { Environment } from '../environment/environment.js'
import { commandKey } from '../key/command-key.js'
import { setLogKey } from '../key/log-key.js'
import { partitionKey } from '../key/partition-key.js'
import { pageKey, streamKey } from '../key/stream-key.js'
import { APPENDS_PER_PAGE, encodePage, type PageItem } from '../page/stream-page.js'
import { countEvents, type AppendRecord, type RecordedWrite } from '../record/append-record.js'
import { encodeAppend } from '../record/encode-append.js'
import { NO_OFFSET } from '../record/layout.js'
import type { StoredAppend } from '../record/stored-append.js'
import { writeTo } from '../record/stored-write.js'
import { encodeHead, type StreamHead } from './stream-head.js'
import { encodePartition, type PartitionState } from './partition-state.js'
import type { IndexView } from './index-view.js'

/**
 * One write transaction of the index. What it reads includes what it wrote; heads and partition states are kept here and
 * written once, at its end, however many appends there are for them.
 */
export class IndexTransaction {
  private readonly heads = new Map<string, StreamHead>()
  private readonly partitions = new Map<number, PartitionState>()
  private readonly key: Buffer = Buffer.allocUnsafeSlow(8)
  private readonly offsetBytes: Buffer = Buffer.allocUnsafeSlow(6)

  /** @internal */
  constructor(
    private readonly environment: Environment,
    private readonly view: IndexView,
  ) {}

  /** Where a stream stands; undefined for one without events. */
  head(stream: string): StreamHead | undefined {
    return this.heads.get(stream) ?? this.view.head(stream)
  }

  /** How far a partition has come. */
  partition(partition: number): PartitionState {
    const known = this.partitions.get(partition)
    if (known) return known
    const state = this.view.partition(partition)
    this.partitions.set(partition, state)
    return state
  }

  /** The append that was made under a command id. */
  command(partition: number, commandId: string): StoredAppend | undefined {
    return this.view.command(partition, commandId)
  }

  /** The id of the last event of a stream, whose head this is. */
  lastEventId(stream: string, head: StreamHead): string {
    return this.view.lastEventId(stream, head)
  }

  /**
   * Adds an append, and moves its partition behind it.
   *
   * @throws LogIntegrityError when it lies below the partition's position, or its versions do not continue its streams.
   */
  append(append: AppendRecord): void {
    const partition = this.partition(append.partition)
    if (append.offset < partition.next)
      throw new LogIntegrityError(
        `an append at offset ${append.offset} of partition ${append.partition} came after offset ${partition.next} was reached`,
        { partition: append.partition, offset: append.offset, next: partition.next },
      )
    const before = append.writes.map(write => this.before(append, write))
    const bytes = encodeAppend(
      append,
      before.map(head => head?.lastAppend ?? NO_OFFSET),
    )
    this.environment.log.put(setLogKey(this.key, append.partition, append.offset), bytes)
    this.offsetBytes.writeUIntLE(append.offset, 0, 6)
    this.environment.commands.put(commandKey(append.partition, append.commandId), this.offsetBytes)
    append.writes.forEach((write, i) => this.moveHead(append, write, before[i]))
    this.partitions.set(append.partition, {
      ...partition,
      next: append.offset + countEvents(append.writes),
      time: append.time,
    })
  }

  /**
   * Moves a partition over records that are no appends, or replaces the state kept beside its position.
   *
   * @param next - not below where the partition is
   */
  moveTo(partition: number, next: number, state?: Uint8Array): void {
    const known = this.partition(partition)
    this.partitions.set(partition, {
      ...known,
      next: Math.max(next, known.next),
      state: state ?? known.state,
    })
  }

  /** @internal Writes what was kept back. */
  finish(): void {
    for (const [stream, head] of this.heads) this.environment.heads.put(streamKey(stream), encodeHead(head))
    for (const [partition, state] of this.partitions)
      this.environment.about.put(partitionKey(partition), encodePartition(state))
  }

  private before(append: AppendRecord, write: RecordedWrite): StreamHead | undefined {
    const head = this.head(write.stream)
    const next = head ? head.version + 1 : 0
    if (write.firstVersion !== next || (head && head.partition !== append.partition))
      throw new LogIntegrityError(
        `stream "${write.stream}" continues with version ${write.firstVersion} in partition ${append.partition}, ` +
          `but version ${next} in partition ${head?.partition ?? append.partition} is due`,
        {
          stream: write.stream,
          version: write.firstVersion,
          due: next,
          partition: append.partition,
          offset: append.offset,
        },
      )
    return head
  }

  private moveHead(append: AppendRecord, write: RecordedWrite, before: StreamHead | undefined): void {
    const head: StreamHead = {
      partition: append.partition,
      version: write.firstVersion + write.events.length - 1,
      lastAppend: append.offset,
      unpagedFrom: before?.unpagedFrom ?? 0,
      unpagedAppends: (before?.unpagedAppends ?? 0) + 1,
    }
    this.heads.set(
      write.stream,
      head.unpagedAppends < APPENDS_PER_PAGE ? head : this.page(write.stream, head),
    )
  }

  /** Gathers the stream's appends that are in no page into one. */
  private page(stream: string, head: StreamHead): StreamHead {
    const items: PageItem[] = []
    let offset = head.lastAppend
    for (let i = head.unpagedAppends; i > 0; i--) {
      const append = this.view.append(head.partition, offset)
      const write = writeTo(append, stream)
      items.push({ offset, bytes: append.raw })
      offset = write?.before ?? NO_OFFSET
    }
    this.environment.pages.put(pageKey(streamKey(stream), head.unpagedFrom), encodePage(items.reverse()))
    return { ...head, unpagedFrom: head.version + 1, unpagedAppends: 0 }
  }
}
