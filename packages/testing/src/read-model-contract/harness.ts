import type { ReadModelStore } from '@hindcast/core'

/** How the contract suite gets at the read-model stores of one implementation. */
export interface ReadModelStoreHarness {
  /** Opens a store on FRESH, empty read models. */
  open(): Promise<ReadModelStore>
  /** Closes the store, if that has not been done, and opens the same read models again. */
  reopen(store: ReadModelStore): Promise<ReadModelStore>
  /**
   * Opens another store on the read models of a store that stays open, as another process would. Leave it out when they cannot
   * be shared: the cases about it are then not in the suite.
   */
  second?(store: ReadModelStore): Promise<ReadModelStore>
  /** Whether the store runs SQL. Without it the suite has the cases about refusing SQL instead of those about running it. */
  readonly sql: boolean
  /** How long one case may take, in milliseconds; a case that takes longer fails. Default 10,000. */
  readonly timeoutMs?: number
}
