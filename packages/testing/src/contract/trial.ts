import type { EventStore } from '@hindcast/core'
import type { EventStoreHarness, HarnessOptions } from './harness.js'

/** The stores that one case opens. */
export class Trial {
  readonly #harness: EventStoreHarness
  readonly #open = new Set<EventStore>()

  constructor(harness: EventStoreHarness) {
    this.#harness = harness
  }

  /** A store on a fresh log. */
  async open(options: HarnessOptions = {}): Promise<EventStore> {
    return this.#keep(await this.#harness.open(options))
  }

  /** The same log, closed and opened again. */
  async reopen(store: EventStore, options: HarnessOptions = {}): Promise<EventStore> {
    this.#open.delete(store)
    return this.#keep(await this.#harness.reopen(store, options))
  }

  /** Another store on the same log. */
  async second(store: EventStore): Promise<EventStore> {
    if (!this.#harness.second) throw new Error('the harness has no second()')
    return this.#keep(await this.#harness.second(store))
  }

  /** Closes every store that is still open. */
  async close(): Promise<void> {
    for (const store of this.#open) await store[Symbol.asyncDispose]()
  }

  #keep(store: EventStore): EventStore {
    this.#open.add(store)
    return store
  }
}
