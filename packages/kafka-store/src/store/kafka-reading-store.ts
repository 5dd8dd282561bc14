import {
  checkPartition,
  checkReadLog,
  NotRunHereError,
  ReadOutOfRangeError,
  StoreClosedError,
  type AppendResult,
  type EventStore,
  type LogBatch,
  type PartitionOwnership,
  type ReadLogOptions,
  type RecordedCommand,
  type RecordedEvent,
  type StreamWrite,
} from '@hindcast/core'
import type { KafkaPort } from '../protocol/port.js'
import { fetchAt } from '../read/fetch-at.js'
import type { Life } from '../read/life.js'
import { LogCursor } from '../read/log-cursor.js'
import { PartitionLog } from '../read/partition-log.js'
import { PartitionReader } from '../read/partition-reader.js'
import { SkipReport } from '../read/report.js'
import { stateAt } from '../read/state-at.js'
import { Tail } from '../read/tail.js'
import { Wake } from '../read/wake.js'
import type { Genesis } from '../validity/genesis.js'
import { UNREAD } from '../validity/log-state.js'

const BATCH_EVENTS = 1000
const NOWHERE = { add: (): void => undefined, room: async (): Promise<void> => undefined }

/**
 * The event store on Kafka of a process that only has projection workers: it reads partitions straight from the topic, keeps
 * no index and no folder, and writes nothing. DESCRIBE and READ on the topic are enough for it.
 */
export class KafkaReadingStore implements EventStore {
  readonly logId: string
  readonly partitions: number
  readonly ownership: PartitionOwnership
  private readonly report: SkipReport
  private readonly tail: Tail
  private readonly wakes: readonly Wake[]
  private readonly ends: number[]
  /** Partitions that a broker said to be shorter than they were. */
  private readonly doubted = new Set<number>()
  private closed = false

  constructor(
    genesis: Genesis,
    private readonly life: Life,
    private readonly port: KafkaPort,
    private readonly tailPort: KafkaPort,
    ownership: PartitionOwnership,
  ) {
    this.ownership = ownership
    this.logId = genesis.logId
    this.partitions = genesis.partitions
    this.report = new SkipReport(port.topic)
    this.ends = Array.from({ length: genesis.partitions }, () => 0)
    this.wakes = this.ends.map(() => new Wake(life))
    this.tail = new Tail(tailPort, life, (partition, end) => this.grown(partition, end))
  }

  async append(writes: readonly StreamWrite[]): Promise<AppendResult> {
    throw new NotRunHereError(`an append to stream "${writes[0]?.stream}"`, 'workers')
  }

  async findCommand(partition: number, commandId: string): Promise<RecordedCommand | undefined> {
    throw new NotRunHereError(`finding command "${commandId}" in partition ${partition}`, 'workers')
  }

  // oxlint-disable-next-line require-yield -- it is refused when it is read, as everywhere
  async *readStream(stream: string): AsyncGenerator<readonly RecordedEvent[], void, void> {
    throw new NotRunHereError(`reading stream "${stream}"`, 'workers')
  }

  async *readLog(partition: number, options: ReadLogOptions = {}): AsyncGenerator<LogBatch, void, void> {
    checkReadLog(partition, this.partitions, options)
    const { from = 0n, live = false, signal, batchEvents = BATCH_EVENTS } = options
    const cursor = await unlessAborted(this.cursorAt(partition, from), signal)
    if (live && cursor) this.tail.listen(partition, cursor.next)
    // The first batch comes even when it is empty, so that the reader learns where the end is.
    for (let first = true; cursor && !signal?.aborted; first = false) {
      this.refuseWhenClosed('reading the log')
      if (live) cursor.reach(this.ends[partition]!)
      if (this.doubted.has(partition)) {
        if (await unlessAborted(cursor.check(), signal)) this.doubted.delete(partition)
      } else if (first || cursor.hasMore) {
        const batch = await unlessAborted(cursor.take(batchEvents), signal)
        if (batch && !signal?.aborted) yield batch
      } else if (live) await this.wakes[partition]!.until(() => this.hasNews(partition, cursor.next), signal)
      else return
    }
  }

  /** Asks the log itself, always: there is nobody here who keeps count. */
  async end(partition: number): Promise<bigint> {
    checkPartition(partition, this.partitions)
    this.refuseWhenClosed('asking for the end')
    return BigInt(await this.endOf(partition))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closed = true
    this.life.end()
    this.port.close()
    this.tailPort.close()
  }

  private async cursorAt(partition: number, from: bigint): Promise<LogCursor> {
    this.refuseWhenClosed('reading the log')
    const { port, life, report } = this
    const end = await this.endOf(partition)
    if (from > BigInt(end)) throw new ReadOutOfRangeError(partition, from, BigInt(end))
    const state = await stateAt(partition, Number(from), this.logId, offset =>
      fetchAt(port, life, partition, offset),
    )
    return new LogCursor(port, life, report, partition, Number(from), state, end)
  }

  private endOf(partition: number): Promise<number> {
    const log = new PartitionLog(partition, UNREAD, NOWHERE, this.report)
    return new PartitionReader(this.port, log, this.life).end()
  }

  private hasNews(partition: number, next: number): boolean {
    return this.ends[partition]! > next || this.doubted.has(partition)
  }

  private grown(partition: number, end: number): void {
    if (end < this.ends[partition]!) this.doubted.add(partition)
    this.ends[partition] = Math.max(this.ends[partition]!, end)
    this.wakes[partition]!.check()
  }

  private refuseWhenClosed(operation: string): void {
    if (this.closed) throw new StoreClosedError(operation)
  }
}

/** What it resolves with; undefined as soon as the signal aborts, also while brokers are away. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
  if (!signal) return work
  let abort = (): void => undefined
  const aborted = new Promise<undefined>(resolve => {
    abort = () => resolve(undefined)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort)
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
    work.catch(() => undefined)
  }
}
