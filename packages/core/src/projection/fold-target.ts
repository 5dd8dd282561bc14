import type { Fence, ReadModelStore, TransactResult } from '../read-model/read-model-store.js'
import type { RowProjectionDefinition } from './definition.js'
import type { DecodedEvent } from '../catalog/event-catalog.js'
import { foldBatch } from './fold-batch.js'
import { planFolds } from './fold-plan.js'
import { rowCodec, type RowCodec } from './row-codec.js'
import type { RowSharing } from './row-sharing.js'

/** A row projection and the store its rows go to. */
export class FoldTarget {
  /** The projection whose folds run. */
  readonly projection: RowProjectionDefinition
  readonly #store: Pick<ReadModelStore, 'transact'>
  readonly #sharing: RowSharing
  readonly #codec: RowCodec

  constructor(
    projection: RowProjectionDefinition,
    sharing: RowSharing,
    store: Pick<ReadModelStore, 'transact'>,
  ) {
    this.projection = projection
    this.#store = store
    this.#sharing = sharing
    this.#codec = rowCodec(projection.row)
  }

  /**
   * Folds a batch into its rows and moves the checkpoint, in one transaction or not at all. A batch without events of this
   * projection moves the checkpoint too.
   *
   * @throws FoldError: nothing was written. Anything else: claim again, the outcome may be unknown.
   */
  async apply(fence: Fence, events: readonly DecodedEvent[]): Promise<TransactResult> {
    const plan = planFolds(this.projection, this.#sharing, events)
    return this.#store.transact(fence, async tx => {
      if (plan.keys.length === 0) return
      const loaded = await tx.load(plan.keys, { shared: this.#sharing.kind === 'shared' })
      await tx.save(foldBatch(this.projection, this.#codec, plan, loaded))
    })
  }
}
