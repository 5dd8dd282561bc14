import type { HindcastError } from '../error/hindcast-error.js'
import type { Row } from '../projection/declare/column-types.js'
import type { ProjectionDefinition } from '../projection/definition/definition.js'
import type { RowChanges } from '../projection/fold/fold-batch.js'
import type { SqlTx } from '../projection/declare/sql.js'
import type { ParkedEvent, PassedEvent } from './parked-event.js'
import type { ParkedRequest, RequestOutcome } from './parked-request.js'
import type { OwnerReport, Standing } from './standing.js'

/** One version of a projection. */
export interface ProjectionVersion {
  /** The projection's name. */
  readonly projection: string
  /** The projection's version. */
  readonly version: number
  /** The name of a copy of the version, with rows and checkpoints of its own. Default: the version itself. */
  readonly into?: string
}

/** Which checkpoint: that of one version of a projection in one partition of one log. */
export interface CheckpointKey extends ProjectionVersion {
  /** The log's id. */
  readonly log: string
  /** The partition. */
  readonly partition: number
}

/** Where a partition's worker goes on, and as which owner. */
export interface Claim {
  /** The next offset to read; 0n when nothing was ever folded. */
  readonly next: bigint
  /** The owner's number, above every earlier owner's. */
  readonly epoch: bigint
  /** The keys of the parked events. Only the owner changes them, so they hold until the epoch dies. */
  readonly parkedKeys: ReadonlySet<string>
}

/** What a transaction demands of the checkpoint, and what it makes of it. */
export interface Fence extends CheckpointKey {
  /** The checkpoint must still be here … */
  readonly from: bigint
  /** … and belong to this owner. */
  readonly epoch: bigint
  /** The checkpoint afterwards; the same as `from` where only parked events are folded. */
  readonly next: bigint
}

/** `'fenced'`: another owner took over or went ahead; nothing was changed and `work` was not run. */
export type TransactResult = 'committed' | 'fenced'

/** What is known of a transaction before it begins. */
export interface TransactOptions {
  /**
   * The keys that the work loads first, of rows that are not shared: a store may ask for these rows together with the fence.
   * The work then loads with this very array. Default: none.
   */
  readonly loadsFirst?: readonly string[]
}

/** Which rows a transaction loads. */
export interface LoadOptions {
  /**
   * The rows are fed from several partitions, whose workers change them at the same time: each row stays locked from here
   * to the end of the transaction, also a row that does not exist yet. Locks are taken in the order of the keys.
   */
  readonly shared: boolean
}

/** What a transaction can do behind the fence. */
export interface ReadModelTx {
  /** The rows that exist, by key. The caller does not change them: stores may keep what they hand out. */
  load(keys: readonly string[], options: LoadOptions): Promise<ReadonlyMap<string, Row>>
  /**
   * Writes and deletes rows, of shared ones only those whose keys were loaded in this transaction; the rows given are the
   * store's from now on, and the caller may keep them too as long as nobody changes them. Whatever
   * `load` put in the place of a missing row to lock it is gone again where no row is written. What the database has against
   * it may be thrown by `transact` only: a store need not wait for the answer before it commits.
   */
  save(changes: RowChanges): Promise<void>
  /** Sets events aside, by offset; one that is parked already is replaced. */
  park(events: readonly ParkedEvent[]): Promise<void>
  /** Takes the events at these offsets out of what is parked. */
  unpark(offsets: readonly bigint[]): Promise<void>
  /** Keeps a record of events that are left out for good, by offset. */
  pass(events: readonly PassedEvent[]): Promise<void>
  /** Answers a request: it is open no longer. */
  answer(id: string, outcome: RequestOutcome): Promise<void>
  /**
   * SQL in this transaction, where the store has it. It refuses statements that would end the transaction (COMMIT, ROLLBACK,
   * BEGIN) and, once the work has ended, every statement. Trouble of the database itself, a lost connection or a deadlock, is
   * thrown as an error that is `retryable`.
   */
  readonly sql?: SqlTx
  /**
   * Looks at constraints that the database would look at when the transaction commits, where it has such; they wait again
   * afterwards. @throws what the database says of them
   */
  checkDeferred?(): Promise<void>
  /**
   * Says why a statement of `sql` may wait for an answer in vain: the database cannot be asked, or has nothing to do for this
   * transaction, as when its connection is dead. Undefined where the database is at work on it: then the statement takes so long.
   */
  silence?(): Promise<HindcastError | undefined>
}

/** What a reader asks for. */
export type ReadQuery =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'all' }
  | { readonly kind: 'sql'; readonly text: string; readonly params: readonly unknown[] }

/** Rows, and how far the read model had come when they were read. */
export interface ReadSnapshot {
  /** By key: one or none. All: in the order of their keys. */
  readonly rows: readonly object[]
  /** The checkpoint of the partition that was asked for, of the same moment as the rows; 0n when there is none yet. */
  readonly reached?: bigint
  /**
   * Of the same moment, the first parked event of that partition that keeps the reader from what it wants: one of the key that
   * is read, or the event at the asked offset itself; undefined when there is none.
   */
  readonly parked?: ParkedEvent
}

/** A partition of a log. */
export interface LogPlace {
  /** The log's id. */
  readonly log: string
  /** The partition. */
  readonly partition: number
}

/** The place of an event that a reader wants to be seen. */
export interface EventPlace extends LogPlace {
  /** Its place in the partition. */
  readonly offset: bigint
}

/**
 * Where projections keep rows and checkpoints, changed together or not at all.
 *
 * Guarantees, for every implementation:
 * - `transact` compares and moves the checkpoint BEFORE it runs the work, and commits both in one transaction: a worker that
 *   was replaced, frozen or restarted can neither double nor lose an event.
 * - `read` sees rows and checkpoint of one moment.
 * - Every claim raises the epoch, so that the owner before is fenced.
 * - What is parked changes only behind the fence. Tools write requests, the owner answers them.
 */
export interface ReadModelStore extends AsyncDisposable {
  /**
   * Makes the tables of a version where they are missing; called before anything else. Idempotent.
   *
   * @param logs - the ids of the logs that the app reads
   * @throws SqlUnsupportedError when the store cannot run the projection; ReadModelShapeError when the tables of this version
   *   were made by other declarations; ReadModelOfAnotherLogError when there are checkpoints of a log that is not one of these.
   */
  prepare(projection: ProjectionDefinition, logs: readonly string[]): Promise<void>

  /**
   * The same for whoever only looks: makes nothing, and needs no right to write. Called instead of `prepare`.
   *
   * @throws ReadModelMissingError when the version was never prepared; else as `prepare`
   */
  look(projection: ProjectionDefinition, logs: readonly string[]): Promise<void>

  /**
   * Becomes the owner of a checkpoint; the owner before is fenced from now on.
   *
   * @throws VersionHeldError while a rebuild works on the version
   */
  claim(at: CheckpointKey): Promise<Claim>

  /** Where a checkpoint stands, without owning it; 0n when nothing was folded yet. */
  checkpoint(at: CheckpointKey): Promise<bigint>

  /**
   * Moves the checkpoint and does the work in one transaction. When the work throws, nothing is changed and the error is
   * thrown on, also when a statement of it is still running. Any other error may leave the outcome unknown: claim again and go
   * on from what the claim says.
   */
  transact(
    fence: Fence,
    work: (tx: ReadModelTx) => Promise<void>,
    options?: TransactOptions,
  ): Promise<TransactResult>

  /**
   * The rows that exist, by key, as the last commits left them. Whoever has claimed the only partition that feeds them, and
   * waits for its own transactions, finds in the next one that the fence lets through what it found here. The caller does not
   * change them: stores may keep what they hand out.
   */
  load(projection: ProjectionVersion, keys: readonly string[]): Promise<ReadonlyMap<string, Row>>

  /**
   * Reads rows, and with them how far one partition has come and what of it is parked.
   *
   * @throws SqlUnsupportedError for SQL in a store without it.
   */
  read(projection: ProjectionVersion, query: ReadQuery, at?: EventPlace): Promise<ReadSnapshot>

  /**
   * Waits until the checkpoint may be beyond the offset; the reader reads again. Resolves at once when it is, and quietly
   * when the signal is aborted.
   */
  moved(at: CheckpointKey, beyond: bigint, signal: AbortSignal): Promise<void>

  /** What is parked, in order of offset. */
  parked(at: CheckpointKey): Promise<readonly ParkedEvent[]>

  /** What was left out for good, in order of offset. */
  passed(at: CheckpointKey): Promise<readonly PassedEvent[]>

  /** Writes a request for the owner of the partition; one with an id that is known changes nothing. */
  request(request: ParkedRequest): Promise<void>

  /** The requests that are not answered yet, of all logs and partitions, in the order in which they were made. */
  requests(projection: ProjectionVersion): Promise<readonly ParkedRequest[]>

  /** What became of a request; undefined while it is open, or unknown. */
  answerTo(projection: ProjectionVersion, id: string): Promise<RequestOutcome | undefined>

  /**
   * Keeps what the owner of this epoch says of itself. Of an older epoch nothing is kept. Moves no checkpoint.
   *
   * @returns whether it was kept: false says that somebody else has claimed since, or that the checkpoint is gone
   */
  report(at: CheckpointKey, epoch: bigint, report: OwnerReport): Promise<boolean>

  /** Where the version stands: an entry for each log and partition that was ever claimed. */
  standing(projection: ProjectionVersion): Promise<readonly Standing[]>
}
