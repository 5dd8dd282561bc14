import { LogIntegrityError, type RecordedCommand } from '@hindcast/core'
import { decodeState, UNREAD, type LogState } from '../validity/log-state.js'
import type { LogRecord } from '../record/log-record.js'
import { readAppend } from '../record/read-append.js'
import { IndexWriteError } from './errors.js'
import type { IndexFile } from './index-file.js'
import { commandHash } from './command-hash.js'
import { KnownCommands } from './known-commands.js'
import { KnownHeads } from './known-heads.js'
import { Layer, type UsedCommands } from './layer.js'
import type { AppliedRun, Head } from './placed-append.js'
import { recordedCommand } from './recorded-command.js'

/** A flush waits so long for more to come: each costs an fsync a partition, and a head for each stream however often that was written to. */
const FLUSH_DELAY_MS = 100
const RETRY_MS = 1000
/** With so many events in memory, or so many bytes of them, nothing more is taken on before a flush. */
const MAX_EVENTS = 100_000
const MAX_BYTES = 67_108_864

/**
 * The index of a Kafka log: a file, and over it in memory what was applied since the last flush.
 *
 * The file is written behind the appends: it can be filled again from the log, so no append waits for its fsync. A
 * partition's appends and position go into the file in one transaction, so that a process that is killed goes on exactly where its file ends. What
 * the layers hold and what the file holds can overlap for a moment; both say the same, and reading goes by versions and
 * offsets.
 */
export class LogIndex implements UsedCommands {
  private current: Layer
  private flushing: Layer
  private readonly heads = new KnownHeads()
  private readonly commands: KnownCommands
  private running: Promise<void> | undefined
  private timer: NodeJS.Timeout | undefined
  private failed: IndexWriteError | LogIntegrityError | undefined
  private waiting: (() => void)[] = []
  private closed = false

  constructor(
    private readonly file: IndexFile,
    private readonly folder: string,
  ) {
    this.commands = new KnownCommands(file.greatestCommand())
    this.current = new Layer(this)
    this.flushing = new Layer(this)
  }

  get logId(): string {
    return this.file.logId
  }

  /** From the oldest to the newest. */
  get layers(): readonly [Layer, Layer] {
    return [this.flushing, this.current]
  }

  /** The part that is on disk. */
  get stored(): IndexFile {
    return this.file
  }

  /** Why the last flush failed; undefined when it did not. */
  get failure(): IndexWriteError | LogIntegrityError | undefined {
    return this.failed
  }

  /** Where a partition's reader goes on. */
  state(partition: number): LogState {
    const layer = this.current.partitions.get(partition) ?? this.flushing.partitions.get(partition)
    if (layer) return layer.state
    const { next, state } = this.file.partition(partition)
    if (next === 0) return UNREAD
    const decoded = decodeState(state, next, this.logId)
    if (!decoded)
      throw new LogIntegrityError('the state of the index is not readable. Delete its folder', { partition })
    return decoded
  }

  /** The time of a partition's last event. */
  time(partition: number): number {
    const time = Math.max(
      this.current.partitions.get(partition)?.time ?? -Infinity,
      this.flushing.partitions.get(partition)?.time ?? -Infinity,
    )
    return time === -Infinity ? this.file.partition(partition).time : time
  }

  /** Where a stream stands; undefined for one without events. */
  head(stream: string): Head | undefined {
    return (
      this.current.streams.get(stream) ??
      this.flushing.streams.get(stream) ??
      this.heads.get(stream) ??
      this.storedHead(stream)
    )
  }

  /** What was appended under a command id. @param hash - of the id */
  command(
    partition: number,
    commandId: string,
    hash: number = commandHash(commandId),
  ): RecordedCommand | undefined {
    if (this.commands.isNew(commandId, hash)) return undefined
    const events =
      commandIn(this.current, partition, commandId) ??
      commandIn(this.flushing, partition, commandId) ??
      this.file.command(partition, commandId)
    return events && recordedCommand(this.logId, events)
  }

  /** Takes note of a command id. Looks into the file only for those that were used lately; the file refuses most others. */
  take(partition: number, commandId: string, hash: number): boolean {
    const isUsed =
      !this.commands.isNew(commandId, hash) &&
      (this.layers.some(
        layer => layer.partitions.get(partition)?.commands.offsetOf(commandId) !== undefined,
      ) ||
        (hash !== 0 &&
          this.commands.isRemembered(hash) &&
          this.file.command(partition, commandId) !== undefined))
    this.commands.add(commandId, hash)
    return !isUsed
  }

  /** Moves a partition over appends, or over records that are none. In memory at once, on disk soon. */
  add(partition: number, applied: AppliedRun | undefined, state: LogState): void {
    this.current.add(partition, applied, state)
    if (!this.running && !this.timer && !this.closed)
      this.timer = setTimeout(() => this.startFlush(), FLUSH_DELAY_MS)
  }

  /** True when so much waits for the disk that nothing more is to be added. */
  get isFull(): boolean {
    return this.current.events >= MAX_EVENTS || this.current.bytes >= MAX_BYTES
  }

  /** Resolves when there is room again. */
  async room(): Promise<void> {
    while (this.isFull && !this.closed) {
      this.startFlush()
      await new Promise<void>(resolve => this.waiting.push(resolve))
    }
  }

  /** Puts everything on disk, if that works, and frees the file. */
  async close(): Promise<void> {
    this.closed = true
    clearTimeout(this.timer)
    await this.running
    // Twice: the first one may be the repetition of one that failed.
    for (let i = 0; i < 2; i++) await this.flush().catch(() => undefined)
    this.wake()
    await this.file.close()
  }

  private storedHead(stream: string): Head | undefined {
    const { file } = this
    const head = file.head(stream)
    if (!head) return undefined
    const { partition, version } = head
    const known = { partition, version, id: file.lastEventId(stream, head) }
    this.heads.set(stream, known)
    return known
  }

  private startFlush(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.running ??= this.flush().then(
      () => this.flushed(),
      (error: unknown) => this.flushFailed(error),
    )
  }

  private async flush(): Promise<void> {
    if (this.flushing.isEmpty) {
      this.flushing = this.current
      this.current = new Layer(this)
    }
    if (this.flushing.isEmpty) return
    const layer = this.flushing
    await this.file.write(layer)
    this.heads.learn(layer)
    this.flushing = new Layer(this)
  }

  private flushed(): void {
    this.running = undefined
    this.failed = undefined
    this.wake()
    if (!this.current.isEmpty && !this.closed)
      this.timer = setTimeout(() => this.startFlush(), this.isFull ? 0 : FLUSH_DELAY_MS)
  }

  private flushFailed(error: unknown): void {
    this.running = undefined
    const before = this.failed
    this.failed = error instanceof LogIntegrityError ? error : new IndexWriteError(this.folder, error)
    // Again only after a flush that worked.
    if (!before) process.emitWarning(this.failed.message, { code: this.failed.code })
    if (!this.closed) this.timer = setTimeout(() => this.startFlush(), RETRY_MS)
  }

  private wake(): void {
    const { waiting } = this
    this.waiting = []
    for (const resolve of waiting) resolve()
  }
}

/** The events of the append that a layer has under a command id. */
function commandIn(layer: Layer, partition: number, commandId: string): LogRecord[] | undefined {
  const offset = layer.partitions.get(partition)?.commands.offsetOf(commandId)
  return offset === undefined ? undefined : readAppend(layer.runAt(partition, offset)!, offset)
}
