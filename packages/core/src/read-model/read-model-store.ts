import type { Row } from '../projection/column-types.js'
import type { ProjectionDefinition } from '../projection/definition.js'
import type { RowChanges } from '../projection/fold-batch.js'
import type { SqlTx } from '../projection/sql.js'

/** One version of a projection. */
export interface ProjectionVersion {
  /** The projection's name. */
  readonly projection: string
  /** The projection's version. */
  readonly version: number
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
}

/** What a transaction demands of the checkpoint, and what it makes of it. */
export interface Fence extends CheckpointKey {
  /** The checkpoint must still be here … */
  readonly from: bigint
  /** … and belong to this owner. */
  readonly epoch: bigint
  /** The checkpoint afterwards. */
  readonly next: bigint
}

/** `'fenced'`: another owner took over or went ahead; nothing was changed and `work` was not run. */
export type TransactResult = 'committed' | 'fenced'

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
   * Writes and deletes rows whose keys were loaded in this transaction; the rows given are the store's from now on. Whatever
   * `load` put in the place of a missing row to lock it is gone again where no row is written.
   */
  save(changes: RowChanges): Promise<void>
  /** SQL in this transaction, where the store has it. */
  readonly sql?: SqlTx
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
}

/** The place of an event that a reader wants to be seen. */
export interface LogPlace {
  /** The log's id. */
  readonly log: string
  /** The partition. */
  readonly partition: number
}

/**
 * Where projections keep rows and checkpoints, changed together or not at all.
 *
 * Guarantees, for every implementation:
 * - `transact` compares and moves the checkpoint BEFORE it runs the work, and commits both in one transaction: a worker that
 *   was replaced, frozen or restarted can neither double nor lose an event.
 * - `read` sees rows and checkpoint of one moment.
 * - Every claim raises the epoch, so that the owner before is fenced.
 */
export interface ReadModelStore extends AsyncDisposable {
  /**
   * Makes the tables of a version where they are missing; called before anything else. Idempotent.
   *
   * @throws SqlUnsupportedError when the store cannot run the projection.
   */
  prepare(projection: ProjectionDefinition): Promise<void>

  /** Becomes the owner of a checkpoint; the owner before is fenced from now on. */
  claim(at: CheckpointKey): Promise<Claim>

  /** Where a checkpoint stands, without owning it; 0n when nothing was folded yet. */
  checkpoint(at: CheckpointKey): Promise<bigint>

  /**
   * Moves the checkpoint and does the work in one transaction. When the work throws, nothing is changed and the error is
   * thrown on. Any other error may leave the outcome unknown: claim again and go on from what the claim says.
   */
  transact(fence: Fence, work: (tx: ReadModelTx) => Promise<void>): Promise<TransactResult>

  /**
   * Reads rows, and with them the checkpoint of one partition.
   *
   * @throws SqlUnsupportedError for SQL in a store without it.
   */
  read(projection: ProjectionVersion, query: ReadQuery, at?: LogPlace): Promise<ReadSnapshot>

  /**
   * Waits until the checkpoint may be beyond the offset; the reader reads again. Resolves at once when it is, and quietly
   * when the signal is aborted.
   */
  moved(at: CheckpointKey, beyond: bigint, signal: AbortSignal): Promise<void>
}
