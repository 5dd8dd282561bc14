import type { Clock } from '../time/clock.js'
import type { Inspectable } from '../inspection/finding.js'
import type { IdSource } from '../identity/id-source.js'
import type { PartitionOwnership } from '../projection/ownership/partition-ownership.js'
import type { SnapshotStore } from '../snapshot/snapshot-store.js'
import type { Position } from './position.js'

/**
 * What an append demands of a stream before it writes: a number = "the last event has this version", `'none'` = no event
 * yet, `'exists'` = at least one event, `'any'` = no check.
 */
export type ExpectedVersion = number | 'none' | 'exists' | 'any'

/** Where a stream stands: the version of its last event (0 for the first), or `'none'`. */
export type StreamVersion = number | 'none'

/** An event to append: encoded, not yet placed. */
export interface NewEvent {
  /** Unique in the log; 1 to 200 characters. */
  readonly id: string
  /** The persisted name, never a class name. */
  readonly type: string
  /** The version of the event's shape, 1 or more. */
  readonly schemaVersion: number
  /** The payload: the text of a JSON object. */
  readonly data: string
}

/** What one append does to one stream. */
export interface StreamWrite {
  /** `<category>-<key>`. */
  readonly stream: string
  /** Decides the partition. Default: the whole stream id. */
  readonly partitionKey?: string
  /** What the stream must be like, or nothing is written. */
  readonly expected: ExpectedVersion
  /**
   * Additionally demands that the stream's last event has this id. It lets a writer queue an append behind one of its own
   * that is still in flight: if the first is refused, so is the second, even where another writer reached the same version.
   * Only with a numeric `expected`.
   */
  readonly after?: string
  /** At least one. */
  readonly events: readonly NewEvent[]
}

/** Where an event came from and on whose behalf; each value 1 to 200 characters. */
export interface AppendMetadata {
  /** What it belongs to. */
  readonly correlationId?: string
  /** The id of what caused it. */
  readonly causationId?: string
  /** On whose behalf. */
  readonly actor?: string
  /** For which tenant. */
  readonly tenant?: string
  /** W3C trace context, https://www.w3.org/TR/trace-context/#traceparent-header */
  readonly traceparent?: string
}

/** The command that an append belongs to. */
export interface AppendOptions {
  /** Unique per partition, kept for ever: a second append with it is answered with the first one's outcome. */
  readonly commandId: string
  /** The command's persisted name, stored with the append; the same id with another name is refused. */
  readonly command?: string
  /** The handler's result as JSON text (at most 4 KiB), stored with the append. */
  readonly result?: string
  /** On whose behalf, and what belongs together. */
  readonly metadata?: AppendMetadata
}

/** The append is durable. */
export interface Appended {
  /** Which of the alternatives this is. */
  readonly kind: 'appended'
  /** True when this command id had been appended before: nothing new was written, the values are the first append's. */
  readonly repeated: boolean
  /** The version of the last event written to each stream, in the order of the writes. */
  readonly versions: readonly number[]
  /** The position of the append's last event. */
  readonly position: Position
}

/** A stream was not as expected; nothing was written. */
export interface Conflict {
  /** Which of the alternatives this is. */
  readonly kind: 'conflict'
  /** The stream id. */
  readonly stream: string
  /** What the stream must be like, or nothing is written. */
  readonly expected: ExpectedVersion
  /** Where the stream really stood. */
  readonly actual: StreamVersion
}

/** A conflict is a value; everything else that goes wrong is thrown. */
export type AppendResult = Appended | Conflict

/**
 * An event as the log holds it: encoded, before upcasting. Stores may compute the fields lazily; they never change.
 */
export interface RecordedEvent {
  /** The event's id, unique in the log. */
  readonly id: string
  /** The persisted name. */
  readonly type: string
  /** The version of its shape. */
  readonly schemaVersion: number
  /** The stream id. */
  readonly stream: string
  /** The place in the stream: 0, 1, 2 … without a gap. */
  readonly version: number
  /** The partition. */
  readonly partition: number
  /** The place in the partition; grows, with gaps where records are no events. */
  readonly offset: bigint
  /** Milliseconds since 1970, from the Clock port; never runs backwards within a partition. */
  readonly time: number
  /** The payload's JSON text. */
  readonly data: string
  /** The id of the command. */
  readonly commandId: string
  /** On whose behalf, and what belongs together. */
  readonly metadata: AppendMetadata
}

/** What a store remembers of a command that was appended. */
export interface RecordedCommand {
  /** The id of the command. */
  readonly commandId: string
  /** The command's persisted name, where it was given. */
  readonly command?: string
  /** The handler's result as JSON text, where there was one. */
  readonly result?: string
  /** The streams written, in order, and the version of the last event written to each. */
  readonly streams: readonly string[]
  /** The version of the last event of each stream. */
  readonly versions: readonly number[]
  /** The position of the append's last event. */
  readonly position: Position
}

/** Records that are no events, side by side. */
export interface SkippedRun {
  /** The offset of the first. */
  readonly from: bigint
  /** The offset behind the last. */
  readonly next: bigint
  /** `'void'`: one batch of an append that never happened. `'foreign'`: somebody else's. */
  readonly kind: 'void' | 'foreign'
  /** Why they are no events. */
  readonly reason: string
}

/** A run of whole appends: no batch ends within one. */
export interface LogBatch {
  /** The partition. */
  readonly partition: number
  /** In order of offset. Empty when the batch holds only records that are no events, or nothing yet. */
  readonly events: readonly RecordedEvent[]
  /** The checkpoint behind this batch: the next offset to read. Moves over records that are no events too. */
  readonly next: bigint
  /** The end of the partition as last seen: `next === end` means that the reader has caught up. */
  readonly end: bigint
  /**
   * The records that the batch moves over because they are no events. Undefined where a log has none, and where it is read from an
   * index, which left them out.
   */
  readonly skipped?: readonly SkippedRun[]
}

/** What to read of a stream. */
export interface ReadStreamOptions {
  /** The first version to read; backwards, the highest. Default: the stream's first (backwards: last) event. */
  readonly from?: number
  /** Default `'forwards'`. */
  readonly direction?: 'forwards' | 'backwards'
  /** The most events to read. Default: all. */
  readonly limit?: number
  /** Reads to the end of the log first, so that everything acknowledged to anybody before the call is seen. Default false. */
  readonly fresh?: boolean
}

/** What to read of a partition. */
export interface ReadLogOptions {
  /** The checkpoint to read from: the next offset. Default 0n, the beginning. */
  readonly from?: bigint
  /** Goes on at the end of history and waits for what comes, without a seam. Default false: ends at the end. */
  readonly live?: boolean
  /** Ends the iteration quietly, also while it waits. */
  readonly signal?: AbortSignal
  /** The most events in a batch, unless a single append is larger. Default 1,000. */
  readonly batchEvents?: number
}

/**
 * The narrow waist: a log of events in a fixed number of partitions, with conditional append.
 *
 * Guarantees, for every implementation (the contract suite of @hindcast/testing checks each):
 * - `append` is atomic over all its writes, conditional, idempotent by command id, and durable when it resolves.
 * - A stream lives whole in one partition; its versions are 0, 1, 2 … without a gap.
 * - Order holds within a partition. A batch read is a completed prefix: no event appears later below it.
 * - Nothing is skipped: a live tail continues where history ends.
 * - Bad input is refused with a coded error before anything is written, and the store stays usable.
 */
export interface EventStore extends AsyncDisposable {
  /** The log's identity, recorded at its creation: 1 to 64 characters of `[A-Za-z0-9_]` and `-`. */
  readonly logId: string
  /** Fixed at creation. */
  readonly partitions: number
  /** How processes share the partitions of this log, where the store itself can tell (Kafka's consumer groups). */
  readonly ownership?: PartitionOwnership
  /** Where snapshots are kept beside this log, unless the app names another place; closed with the store. Default: memory. */
  readonly snapshots?: SnapshotStore

  /**
   * Writes events to one or more streams of ONE partition, all or nothing. The event time is taken from the Clock
   * synchronously within this call.
   *
   * @throws StreamIdError, InvalidAppendError, LimitExceededError, AppendAcrossPartitionsError, PartitionKeyChangedError,
   *   CommandIdReusedError, StoreClosedError: nothing was written.
   * @throws AppendNotSentError (nothing was written, repeat), AppendOutcomeUnknownError (repeat with the same command id).
   */
  append(writes: readonly StreamWrite[], options: AppendOptions): Promise<AppendResult>

  /**
   * What was appended under a command id in a partition.
   *
   * @param partition - the partition of the command's streams, see {@link partitionOf}
   */
  findCommand(partition: number, commandId: string): Promise<RecordedCommand | undefined>

  /** The events of a stream in batches; an unknown stream has none. Backwards, batches and events run from high to low. */
  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<readonly RecordedEvent[]>

  /**
   * The events of a partition in log order, in batches of whole appends.
   *
   * @throws ReadOutOfRangeError when `from` lies beyond the end; UnknownPartitionError; StoreClosedError, also when the
   *   store is closed while a live reader waits.
   */
  readLog(partition: number, options?: ReadLogOptions): AsyncIterable<LogBatch>

  /** The checkpoint behind the partition's last record, as this process knows it; `fresh` asks the log itself. */
  end(partition: number, options?: { readonly fresh?: boolean }): Promise<bigint>

  /** Finishes what was accepted, refuses the rest with StoreClosedError, and frees everything. Idempotent. */
  [Symbol.asyncDispose](): Promise<void>
}

/** What an app gives its store. */
export interface StoreHost {
  /** Where event times come from. */
  readonly clock: Clock
  /** Where ids come from. */
  readonly ids: IdSource
  /** What this process runs: a store need not prepare for appends in a process that has only workers. */
  readonly run: 'all' | 'commands' | 'workers'
  /** A log must be there already: one is not made, as a tool that looks into logs wants it. Default false. */
  readonly existing?: boolean
}

/** Opens a store: `memory()`, `lmdb('./data')`, `kafka({ … })`. */
export interface EventStoreFactory extends Inspectable {
  /** Opens it. */
  (host: StoreHost): Promise<EventStore>
}
