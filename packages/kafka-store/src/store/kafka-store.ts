import {
  checkCommandId,
  checkPartition,
  checkReadLog,
  checkReadStream,
  eventTime,
  ownCopy,
  prepareAppend,
  ReadOutOfRangeError,
  StoreClosedError,
  type AppendOptions,
  type AppendResult,
  type EventStore,
  type LogBatch,
  type PartitionOwnership,
  type ReadLogOptions,
  type ReadStreamOptions,
  type RecordedCommand,
  type RecordedEvent,
  type SnapshotStore,
  type StoreHost,
  type StreamWrite,
} from '@hindcast/core'
import { streamBatches } from '@hindcast/stream-index'
import { batchOf } from '../index/log-batch.js'
import type { LogIndex } from '../index/log-index.js'
import { batchDownwards, batchUpwards } from '../index/stream-batches.js'
import type { KafkaPort } from '../protocol/port.js'
import type { Life } from '../read/life.js'
import { Wake } from '../read/wake.js'
import { PendingAppend } from '../writer/pending-append.js'
import type { PartitionRoom } from './partition-room.js'
import { whileItGetsOn, type Patience } from './patience.js'

const BATCH_EVENTS = 1000

/** The event store on Kafka of a process that appends: it reads from its own index, and appends to the topic. */
export class KafkaStore implements EventStore {
  readonly logId: string
  readonly partitions: number
  private readonly wakes: readonly Wake[]
  private closing: Promise<void> | undefined

  constructor(
    private readonly host: StoreHost,
    private readonly life: Life,
    private readonly index: LogIndex,
    private readonly rooms: readonly PartitionRoom[],
    private readonly ports: readonly KafkaPort[],
    private readonly patience: Patience,
    readonly ownership: PartitionOwnership,
    readonly snapshots: SnapshotStore,
  ) {
    this.logId = index.logId
    this.partitions = rooms.length
    this.wakes = rooms.map(({ log }) => {
      const wake = new Wake(life)
      log.onChange(() => wake.check())
      return wake
    })
  }

  append(writes: readonly StreamWrite[], options: AppendOptions): Promise<AppendResult> {
    try {
      const prepared = prepareAppend(writes, options, this.partitions)
      this.refuseWhenClosed('an append')
      const time = eventTime(this.host.clock)
      const append = new PendingAppend(ownCopy(writes, options), prepared, time)
      this.rooms[prepared.partition]!.writer.add(append)
      return append.settled
    } catch (error) {
      return Promise.reject(error as Error)
    }
  }

  async findCommand(partition: number, commandId: string): Promise<RecordedCommand | undefined> {
    checkPartition(partition, this.partitions)
    checkCommandId(commandId)
    this.refuseWhenClosed('finding a command')
    return this.index.command(partition, commandId)
  }

  async *readStream(
    stream: string,
    options: ReadStreamOptions = {},
  ): AsyncGenerator<readonly RecordedEvent[], void, void> {
    checkReadStream(stream, options)
    this.refuseWhenClosed('reading a stream')
    if (options.fresh) await this.catchUp(this.index.head(stream)?.partition)
    yield* streamBatches(
      options,
      {
        upwards: (from, limit) => batchUpwards(this.index, stream, from, limit),
        downwards: (from, limit) => batchDownwards(this.index, stream, from, limit),
      },
      () => this.refuseWhenClosed('reading a stream'),
    )
  }

  async *readLog(partition: number, options: ReadLogOptions = {}): AsyncGenerator<LogBatch, void, void> {
    checkReadLog(partition, this.partitions, options)
    const { from = 0n, live = false, signal, batchEvents = BATCH_EVENTS } = options
    this.refuseWhenClosed('reading the log')
    const { log } = this.rooms[partition]!
    if (from > BigInt(log.state.next)) await this.catchUp(partition)
    const end = BigInt(log.state.next)
    if (from > end) throw new ReadOutOfRangeError(partition, from, end)
    let next = Number(from)
    // The first batch comes even when it is empty, so that the reader learns where the end is.
    for (let first = true; !signal?.aborted; first = false) {
      this.refuseWhenClosed('reading the log')
      if (first || log.state.next > next) {
        const batch = batchOf(this.index, partition, next, batchEvents)
        next = Number(batch.next)
        yield batch
      } else if (!live) return
      else if (log.failure) throw log.failure
      else
        await this.wakes[partition]!.until(() => log.state.next > next || log.failure !== undefined, signal)
    }
  }

  async end(partition: number, options: { readonly fresh?: boolean } = {}): Promise<bigint> {
    checkPartition(partition, this.partitions)
    this.refuseWhenClosed('asking for the end')
    if (options.fresh) await this.catchUp(partition)
    return BigInt(this.rooms[partition]!.log.state.next)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closing ??= this.close()
    await this.closing
  }

  /** Reads to the end of one partition, or of all. @throws BrokersUnreachableError when that does not get on */
  private async catchUp(partition: number | undefined): Promise<void> {
    const rooms = partition === undefined ? this.rooms : [this.rooms[partition]!]
    const read = (): number => rooms.reduce((sum, { log }) => sum + log.state.next, 0)
    await whileItGetsOn(Promise.all(rooms.map(({ reader }) => reader.toEnd())), this.patience, read)
  }

  private async close(): Promise<void> {
    await Promise.all(this.rooms.map(({ writer }) => writer.drain()))
    await this.snapshots[Symbol.asyncDispose]()
    this.life.end()
    for (const port of this.ports) port.close()
    await this.index.close()
  }

  private refuseWhenClosed(operation: string): void {
    if (this.closing) throw new StoreClosedError(operation)
  }
}
