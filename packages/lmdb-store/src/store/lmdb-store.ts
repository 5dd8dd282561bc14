import {
  checkCommandId,
  checkPartition,
  checkReadLog,
  checkReadStream,
  eventTime,
  prepareAppend,
  ReadOutOfRangeError,
  StoreClosedError,
  type AppendOptions,
  type AppendResult,
  type EventStore,
  type LogBatch,
  type ReadLogOptions,
  type ReadStreamOptions,
  type RecordedCommand,
  type RecordedEvent,
  type SnapshotStore,
  type StoreHost,
  type StreamWrite,
} from '@hindcast/core'
import { streamBatches, type StreamIndex } from '@hindcast/stream-index'
import { PendingAppend } from '../append/pending-append.js'
import { AppendQueue } from '../append/append-queue.js'
import { recordedCommand } from '../append/recorded-command.js'
import { batchDownwards, batchUpwards } from '../read/stream-batches.js'
import { Wake } from '../read/wake.js'
import type { LmdbSettings } from './options.js'

const BATCH_EVENTS = 1000

/** The event store in a folder: the index is the log. Every read is fresh, whether it is asked for or not: it costs a microsecond. */
export class LmdbStore implements EventStore {
  readonly logId: string
  readonly partitions: number
  readonly snapshots: SnapshotStore
  private readonly queue: AppendQueue
  private readonly wake: Wake
  private closing: Promise<void> | undefined

  constructor(
    private readonly index: StreamIndex,
    private readonly host: StoreHost,
    settings: LmdbSettings,
  ) {
    this.logId = index.logId
    this.partitions = index.partitions
    this.snapshots = index.snapshots
    this.queue = new AppendQueue(index, settings.appendTimeoutMs)
    this.wake = new Wake(index, settings.pollMs)
  }

  append(writes: readonly StreamWrite[], options: AppendOptions): Promise<AppendResult> {
    return new Promise((resolve, reject) => {
      const prepared = prepareAppend(writes, options, this.partitions)
      this.refuseWhenClosed('an append')
      const time = eventTime(this.host.clock)
      this.queue.add(new PendingAppend(writes, options, prepared, time, { resolve, reject }))
    })
  }

  async findCommand(partition: number, commandId: string): Promise<RecordedCommand | undefined> {
    checkPartition(partition, this.partitions)
    checkCommandId(commandId)
    this.refuseWhenClosed('finding a command')
    this.index.refresh()
    const append = this.index.command(partition, commandId)
    return append && recordedCommand(this.logId, append)
  }

  async *readStream(
    stream: string,
    options: ReadStreamOptions = {},
  ): AsyncGenerator<readonly RecordedEvent[], void, void> {
    checkReadStream(stream, options)
    this.index.refresh()
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
    this.index.refresh()
    const end = BigInt(this.index.partition(partition).next)
    if (from > end) throw new ReadOutOfRangeError(partition, from, end)
    let next = Number(from)
    // The first batch comes even when it is empty, so that the reader learns where the end is.
    for (let first = true; !signal?.aborted; first = false) {
      this.refuseWhenClosed('reading the log')
      const run = this.index.readLog(partition, next, batchEvents)
      if (first || run.next > next) {
        next = run.next
        yield { partition, events: run.events, next: BigInt(next), end: BigInt(run.end) }
      } else if (live) await this.wake.beyond(partition, run.end, signal)
      else return
    }
  }

  async end(partition: number): Promise<bigint> {
    checkPartition(partition, this.partitions)
    this.refuseWhenClosed('asking for the end')
    this.index.refresh()
    return BigInt(this.index.partition(partition).next)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closing ??= this.close()
    await this.closing
  }

  private async close(): Promise<void> {
    this.wake.stop()
    await this.queue.drain()
    await this.index.close()
  }

  private refuseWhenClosed(operation: string): void {
    if (this.closing) throw new StoreClosedError(operation)
  }
}
