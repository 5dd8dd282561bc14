import type { SnapshotStore } from '@hindcast/core'
import type { Closing } from '../contract/case.js'
import type { SnapshotStoreHarness } from './harness.js'

/** The stores that one case opens. */
export class SnapshotTrial implements Closing {
  readonly #harness: SnapshotStoreHarness
  readonly #open = new Set<SnapshotStore>()

  constructor(harness: SnapshotStoreHarness) {
    this.#harness = harness
  }

  /** A store without snapshots. */
  async open(): Promise<SnapshotStore> {
    return this.#keep(await this.#harness.open())
  }

  /** The same place, closed and opened again. */
  async reopen(store: SnapshotStore): Promise<SnapshotStore> {
    this.#open.delete(store)
    return this.#keep(await this.#harness.reopen!(store))
  }

  /** Another store on the same place. */
  async second(store: SnapshotStore): Promise<SnapshotStore> {
    return this.#keep(await this.#harness.second!(store))
  }

  /** Damages a snapshot. */
  async damage(store: SnapshotStore, stream: string, fingerprint: string): Promise<void> {
    await this.#harness.damage!(store, stream, fingerprint)
  }

  /** Closes every store that is still open. */
  async close(): Promise<void> {
    for (const store of this.#open) await store[Symbol.asyncDispose]()
  }

  #keep(store: SnapshotStore): SnapshotStore {
    this.#open.add(store)
    return store
  }
}
