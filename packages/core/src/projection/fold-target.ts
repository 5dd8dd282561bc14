import type { DecodedEvent } from '../catalog/event-catalog.js'
import type { Fence, ReadModelStore, ReadModelTx, TransactResult } from '../read-model/read-model-store.js'
import type { ProjectionDefinition } from './definition.js'
import type { Folding } from './folding.js'
import type { LogSource } from './projection-runtime.js'
import { RowFolding } from './row-folding.js'
import { rowSharing } from './row-sharing.js'
import { SqlFolding } from './sql-folding.js'
import { publishStep } from './step.js'

/** A projection and the store its rows or tables are in. */
export class FoldTarget {
  /** The projection whose folds or handlers run. */
  readonly projection: ProjectionDefinition
  /** @internal */
  readonly folding: Folding
  readonly #store: Pick<ReadModelStore, 'transact'>

  /** @param sources - the logs that feed it: what they say of categories decides whether rows are locked */
  constructor(
    projection: ProjectionDefinition,
    sources: readonly Pick<LogSource, 'categoriesOf'>[],
    store: Pick<ReadModelStore, 'transact'>,
  ) {
    this.projection = projection
    this.folding =
      projection.kind === 'rows'
        ? new RowFolding(projection, rowSharing(projection, sources))
        : new SqlFolding(projection)
    this.#store = store
  }

  /**
   * Folds a batch and moves the checkpoint, in one transaction or not at all. A batch without events of this projection moves
   * the checkpoint too.
   *
   * @param besides - done in the same transaction
   * @throws FoldError: nothing was written. Anything else: claim again, the outcome may be unknown.
   */
  async apply(
    fence: Fence,
    events: readonly DecodedEvent[],
    besides?: (tx: ReadModelTx) => Promise<void>,
  ): Promise<TransactResult> {
    const work = this.folding.prepare(events)
    return this.#store.transact(fence, async tx => {
      await work(tx, () => publishStep('folded', fence))
      await besides?.(tx)
    })
  }
}
