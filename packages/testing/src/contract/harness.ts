import type { Clock, EventStore } from '@hindcast/core'

/** How a store is opened for a case. */
export interface HarnessOptions {
  /** The clock to give the store. Default: the harness's choice, usually the wall clock. */
  readonly clock?: Clock
}

/** How the contract suite gets at the stores of one implementation. */
export interface EventStoreHarness {
  /** Opens a store on a FRESH log of two or more partitions. */
  open(options: HarnessOptions): Promise<EventStore>
  /** Closes the store, if that has not been done, and opens the same log again. */
  reopen(store: EventStore, options: HarnessOptions): Promise<EventStore>
  /**
   * Opens another store on the log of a store that stays open, as another process would. Leave it out when the log cannot
   * be shared: the cases about it are then not in the suite.
   */
  second?(store: EventStore): Promise<EventStore>
  /** How long one case may take, in milliseconds; a case that takes longer fails. Default 10,000. */
  readonly timeoutMs?: number
}
