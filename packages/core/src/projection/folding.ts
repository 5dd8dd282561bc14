import type { DecodedEvent } from '../catalog/event-catalog.js'
import type { ReadModelTx } from '../read-model/read-model-store.js'

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
  /**
   * Makes ready what is done in the transaction: what can fail before it is begun, fails here.
   *
   * @throws FoldError
   */
  prepare(events: readonly DecodedEvent[]): FoldWork
}

/** What is done with a batch within a transaction. `folded` is called when nothing can fail by the events any more. */
export type FoldWork = (tx: ReadModelTx, folded: () => void) => Promise<void>
