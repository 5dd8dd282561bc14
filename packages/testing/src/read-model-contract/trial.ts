import type { ProjectionDefinition, ReadModelStore } from '@hindcast/core'
import type { Closing } from '../contract/case.js'
import type { ReadModelStoreHarness } from './harness.js'
import { COUNTERS } from './projections.js'

/** The logs that the read models of a trial are folded from. */
export const LOGS: readonly string[] = ['log-a', 'log-b']

/** The stores that one case opens. */
export class ReadModelTrial implements Closing {
  readonly #harness: ReadModelStoreHarness
  readonly #open = new Set<ReadModelStore>()

  constructor(harness: ReadModelStoreHarness) {
    this.#harness = harness
  }

  /** A store on fresh read models, with the tables of the projections. */
  async open(...projections: readonly ProjectionDefinition[]): Promise<ReadModelStore> {
    return this.#keep(await this.#harness.open(), projections)
  }

  /** The same read models, closed and opened again. */
  async reopen(
    store: ReadModelStore,
    ...projections: readonly ProjectionDefinition[]
  ): Promise<ReadModelStore> {
    this.#open.delete(store)
    return this.#keep(await this.#harness.reopen(store), projections)
  }

  /** Another store on the same read models. */
  async second(
    store: ReadModelStore,
    ...projections: readonly ProjectionDefinition[]
  ): Promise<ReadModelStore> {
    if (!this.#harness.second) throw new Error('the harness has no second()')
    return this.#keep(await this.#harness.second(store), projections)
  }

  /** Closes every store that is still open. */
  async close(): Promise<void> {
    for (const store of this.#open) await store[Symbol.asyncDispose]()
  }

  async #keep(store: ReadModelStore, projections: readonly ProjectionDefinition[]): Promise<ReadModelStore> {
    this.#open.add(store)
    for (const projection of projections.length > 0 ? projections : [COUNTERS])
      await store.prepare(projection, LOGS)
    return store
  }
}
