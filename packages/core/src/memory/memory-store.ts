import { randomUUID } from 'node:crypto'
import { checkReadLog, checkReadStream } from '../store/check-read.js'
import { ReadOutOfRangeError, StoreClosedError } from '../store/errors.js'
import { eventTime } from '../store/event-time.js'
import type {
  AppendOptions,
  AppendResult,
  EventStore,
  EventStoreFactory,
  LogBatch,
  ReadLogOptions,
  ReadStreamOptions,
  RecordedCommand,
  RecordedEvent,
  StoreHost,
  StreamWrite,
} from '../store/event-store.js'
import { checkCommandId, checkPartition, prepareAppend } from '../store/prepare-append.js'
import { Bell } from './bell.js'
import { MemoryOptionError } from './errors.js'
import { MemoryLog } from './memory-log.js'

const BATCH_EVENTS = 1000

/** What {@link memory} may be told. */
export interface MemoryOptions {
  /** How many partitions the log has, for ever: 1 to 10,000. Default 8, as in every store. */
  readonly partitions?: number
  /** The log's identity: 1 to 64 characters of `[A-Za-z0-9_-]`. Default: a new UUID. */
  readonly logId?: string
}

/**
 * Events in memory: for tests, for trying things out, and as the reference of what every event store does.
 *
 * Guarantee: the promises, limits and refusals of the durable stores, for as long as the process lives. The log belongs to
 * the factory: opened again, after closing or beside, it shows the same events.
 *
 * @throws MemoryOptionError
 */
export function memory(options: MemoryOptions = {}): EventStoreFactory {
  const { partitions = 8, logId = randomUUID() } = options
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > 10_000)
    throw new MemoryOptionError('partitions', partitions, 'it is not a whole number of 1 to 10,000')
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(logId))
    throw new MemoryOptionError('logId', logId, 'it is not 1 to 64 letters, digits, _ and -')
  const log = new MemoryLog(logId, partitions)
  return async host => new MemoryStore(log, host)
}

class MemoryStore implements EventStore {
  readonly logId: string
  readonly partitions: number
  readonly #log: MemoryLog
  readonly #host: StoreHost
  readonly #closing = new Bell()
  #closed = false

  constructor(log: MemoryLog, host: StoreHost) {
    this.logId = log.logId
    this.partitions = log.partitions.length
    this.#log = log
    this.#host = host
  }

  async append(writes: readonly StreamWrite[], options: AppendOptions): Promise<AppendResult> {
    const { partition } = prepareAppend(writes, options, this.partitions)
    this.#refuseWhenClosed('an append')
    return this.#log.append(partition, writes, options, eventTime(this.#host.clock))
  }

  async findCommand(partition: number, commandId: string): Promise<RecordedCommand | undefined> {
    checkPartition(partition, this.partitions)
    checkCommandId(commandId)
    this.#refuseWhenClosed('finding a command')
    return this.#log.partitions[partition]!.command(commandId)
  }

  async *readStream(
    stream: string,
    options: ReadStreamOptions = {},
  ): AsyncGenerator<readonly RecordedEvent[], void, void> {
    checkReadStream(stream, options)
    const { direction = 'forwards' } = options
    this.#refuseWhenClosed('reading a stream')
    const events = this.#log.stream(stream)
    const chosen = direction === 'forwards' ? forwards(events, options) : backwards(events, options)
    for (let i = 0; i < chosen.length; i += BATCH_EVENTS) {
      this.#refuseWhenClosed('reading a stream')
      yield chosen.slice(i, i + BATCH_EVENTS)
    }
  }

  async *readLog(partition: number, options: ReadLogOptions = {}): AsyncGenerator<LogBatch, void, void> {
    checkReadLog(partition, this.partitions, options)
    const { from = 0n, live = false, signal, batchEvents = BATCH_EVENTS } = options
    const source = this.#log.partitions[partition]!
    this.#refuseWhenClosed('reading the log')
    if (from > source.end) throw new ReadOutOfRangeError(partition, from, source.end)
    let next = from
    // The first batch comes even when it is empty, so that the reader learns where the end is.
    for (let first = true; !signal?.aborted; first = false) {
      this.#refuseWhenClosed('reading the log')
      if (first || next < source.end) {
        const batch = source.batch(next, batchEvents)
        next = batch.next
        yield batch
      } else if (live) await Bell.next([source.appended, this.#closing], signal)
      else return
    }
  }

  async end(partition: number): Promise<bigint> {
    checkPartition(partition, this.partitions)
    this.#refuseWhenClosed('asking for the end')
    return this.#log.partitions[partition]!.end
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#closing.ring()
  }

  #refuseWhenClosed(operation: string): void {
    if (this.#closed) throw new StoreClosedError(operation)
  }
}

function forwards(events: readonly RecordedEvent[], options: ReadStreamOptions): readonly RecordedEvent[] {
  const { from = 0, limit = events.length } = options
  return events.slice(from, from + limit)
}

function backwards(events: readonly RecordedEvent[], options: ReadStreamOptions): readonly RecordedEvent[] {
  const { from = events.length, limit = events.length } = options
  const behind = Math.min(from + 1, events.length)
  return events.slice(Math.max(behind - limit, 0), behind).toReversed()
}
