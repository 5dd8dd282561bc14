import type { DecodedEvent } from '../../catalog/event-catalog.js'
import type { ReadModelTx } from '../../read-model/read-model-store.js'
import type { RowCache } from './row-cache.js'

/** What one kind of projection does with events. */
export interface Folding {
  /** Whether the projection has a method for the event. */
  concerns(event: object): boolean
  /**
   * The keys of the rows that an event changes; undefined where nobody can tell, as with SQL.
   *
   * @throws FoldError
   */
  keysOf(event: DecodedEvent): readonly string[] | undefined
  /** True when the row of a stream's own key may be changed by an event that cannot be read. */
  readonly foldsByStreamKey: boolean
  /** How many events are worth one transaction while the end of the log is far. */
  readonly mostEvents: number
  /**
   * How many events of a transaction are decoded and folded at a time. All at once where rows are locked: locks are taken in
   * the order of the keys, or workers wait for each other in a circle.
   */
  readonly partEvents: number
  /**
   * Begins a transaction's work.
   *
   * @param cache - rows that need not be loaded; it learns what is committed
   */
  begin(cache?: RowCache): FoldWork
  /**
   * Begins work that is folded before its transaction begins. Undefined where that cannot be: rows that others change too are
   * locked first, and SQL runs in the transaction.
   *
   * @param cache - shared by all work that follows one another
   */
  readonly ahead: ((cache: RowCache) => AheadWork) | undefined
}

/** What is done in one transaction. */
export interface FoldWork {
  /** The keys of the rows that folding these events, the first ones, will load; none where rows are locked. @throws FoldError */
  loadsFirst(events: readonly DecodedEvent[]): readonly string[]
  /** Folds some events, in order. @throws FoldError */
  fold(tx: ReadModelTx, events: readonly DecodedEvent[]): Promise<void>
  /** Writes what was made of them: nothing can fail by an event any more. */
  write(tx: ReadModelTx): Promise<void>
  /** The transaction is committed. */
  committed(): void
}

/** What is folded before its transaction begins. */
export interface AheadWork extends FoldWork {
  /** Folds some events, in order. @throws FoldError */
  fold(tx: Pick<ReadModelTx, 'load'>, events: readonly DecodedEvent[]): Promise<void>
  /** How many rows it has changed. */
  readonly rows: number
  /** Nothing is folded into it any more: the work behind it goes on from its rows. */
  close(): void
}
