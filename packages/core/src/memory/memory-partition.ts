import { conflictOf } from '../store/conflict.js'
import type {
  AppendMetadata,
  AppendOptions,
  AppendResult,
  LogBatch,
  RecordedCommand,
  RecordedEvent,
  StreamWrite,
} from '../store/event-store.js'
import { makePosition } from '../store/position.js'
import { Bell } from './bell.js'

/** One partition of a log in memory. Event `i` of it has offset `i + 1`: offset 0 is the genesis record's. */
export class MemoryPartition {
  /** Rings after every append. */
  readonly appended: Bell = new Bell()
  readonly #logId: string
  readonly #partition: number
  readonly #events: RecordedEvent[] = []
  /** For each event the index behind its append, so that a batch can end there. */
  readonly #appendEnds: number[] = []
  readonly #streams = new Map<string, RecordedEvent[]>()
  readonly #commands = new Map<string, RecordedCommand>()
  #lastTime = -Infinity

  constructor(logId: string, partition: number) {
    this.#logId = logId
    this.#partition = partition
  }

  /** The checkpoint behind the last record. */
  get end(): bigint {
    return BigInt(this.#events.length + 1)
  }

  /** What was appended under the command id. */
  command(commandId: string): RecordedCommand | undefined {
    return this.#commands.get(commandId)
  }

  /** The events of a stream from version 0. Not a copy: the array grows. */
  stream(stream: string): readonly RecordedEvent[] {
    return this.#streams.get(stream) ?? []
  }

  /** Whole appends from a checkpoint on: as many as fit in `batchEvents`, but at least one. */
  batch(from: bigint, batchEvents: number): LogBatch {
    // From 0n the batch starts at the genesis record, which is no event.
    const first = from === 0n ? 0 : Number(from) - 1
    let behind = this.#appendEnds[first] ?? first
    for (let end = this.#appendEnds[behind]; end !== undefined; end = this.#appendEnds[behind]) {
      if (end - first > batchEvents) break
      behind = end
    }
    return {
      partition: this.#partition,
      events: this.#events.slice(first, behind),
      next: BigInt(behind + 1),
      end: this.end,
    }
  }

  /** Writes all, or nothing when a stream is not as expected. */
  append(writes: readonly StreamWrite[], options: AppendOptions, clockTime: number): AppendResult {
    for (const write of writes) {
      const conflict = conflictOf(write, this.stream(write.stream).at(-1))
      if (conflict) return conflict
    }
    const time = Math.max(this.#lastTime, clockTime)
    this.#lastTime = time
    const metadata = Object.freeze(copyOf(options.metadata ?? {}))
    for (const write of writes) this.#write(write, options.commandId, time, metadata)
    const behind = this.#events.length
    while (this.#appendEnds.length < behind) this.#appendEnds.push(behind)
    const command = this.#remember(writes, options)
    this.appended.ring()
    return {
      kind: 'appended',
      repeated: false,
      versions: [...command.versions],
      position: command.position,
    }
  }

  #write(write: StreamWrite, commandId: string, time: number, metadata: AppendMetadata): void {
    let stream = this.#streams.get(write.stream)
    if (!stream) this.#streams.set(write.stream, (stream = []))
    for (const { id, type, schemaVersion, data } of write.events) {
      const event: RecordedEvent = Object.freeze({
        id,
        type,
        schemaVersion,
        stream: write.stream,
        version: stream.length,
        partition: this.#partition,
        offset: this.end,
        time,
        data,
        commandId,
        metadata,
      })
      stream.push(event)
      this.#events.push(event)
    }
  }

  #remember(writes: readonly StreamWrite[], { commandId, command, result }: AppendOptions): RecordedCommand {
    const recorded: RecordedCommand = Object.freeze({
      commandId,
      ...(command !== undefined && { command }),
      ...(result !== undefined && { result }),
      streams: Object.freeze(writes.map(write => write.stream)),
      versions: Object.freeze(writes.map(write => this.stream(write.stream).length - 1)),
      position: makePosition(this.#logId, this.#partition, this.end - 1n),
    })
    this.#commands.set(commandId, recorded)
    return recorded
  }
}

/** The known fields that are set. */
function copyOf({ correlationId, causationId, actor, tenant, traceparent }: AppendMetadata): AppendMetadata {
  return {
    ...(correlationId !== undefined && { correlationId }),
    ...(causationId !== undefined && { causationId }),
    ...(actor !== undefined && { actor }),
    ...(tenant !== undefined && { tenant }),
    ...(traceparent !== undefined && { traceparent }),
  }
}
