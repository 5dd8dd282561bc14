import type { DecodedEvent } from '../../catalog/event-catalog.js'
import type {
  CheckpointKey,
  Fence,
  ReadModelStore,
  ReadModelTx,
  TransactResult,
} from '../../read-model/read-model-store.js'
import type { Row } from '../declare/column-types.js'
import type { ProjectionDefinition } from '../definition/definition.js'
import type { Folding, FoldWork } from './folding.js'
import type { LogSource } from '../source/log-source.js'
import type { RowCache } from './row-cache.js'
import { RowFolding } from './row-folding.js'
import { rowSharing } from './row-sharing.js'
import { SqlFolding } from './sql-folding.js'
import { publishStep } from '../diagnostics/step.js'

/** What a projection needs of the store that its rows or tables are in. */
export type FoldStore = Pick<ReadModelStore, 'transact' | 'load'>

/** A projection and the store its rows or tables are in. */
export class FoldTarget {
  /** The projection whose folds or handlers run. */
  readonly projection: ProjectionDefinition
  /** @internal */
  readonly folding: Folding
  /** The copy of the version that is fed; undefined for the version itself. */
  readonly into: string | undefined
  readonly #store: FoldStore

  /**
   * @param sources - the logs that feed it: what they say of categories decides whether rows are locked
   * @param into - the copy of the version to feed. Default: the version itself
   */
  constructor(
    projection: ProjectionDefinition,
    sources: readonly Pick<LogSource, 'categoriesOf'>[],
    store: FoldStore,
    into?: string,
  ) {
    this.into = into
    this.projection = projection
    this.folding =
      projection.kind === 'rows'
        ? new RowFolding(projection, rowSharing(projection, sources))
        : new SqlFolding(projection)
    this.#store = store
  }

  /**
   * Folds events and moves the checkpoint, in one transaction or not at all. A batch without events of this projection moves
   * the checkpoint too.
   *
   * @param parts - the events, in order; one part is asked for when the one before is folded
   * @param besides - done in the same transaction
   * @param cache - rows that need not be loaded; it learns what is committed
   * @throws FoldError, and what `parts` throws: nothing was written. Anything else: claim again, the outcome may be unknown.
   */
  async apply(
    fence: Fence,
    parts: Iterable<readonly DecodedEvent[]>,
    besides?: (tx: ReadModelTx) => Promise<void>,
    cache?: RowCache,
  ): Promise<TransactResult> {
    const work = this.folding.begin(cache)
    const rest = parts[Symbol.iterator]()
    let part = rest.next()
    const loadsFirst = part.done ? [] : work.loadsFirst(part.value)
    const fold = async (tx: ReadModelTx): Promise<void> => {
      for (; !part.done; part = rest.next()) await work.fold(tx, part.value)
      publishStep('folded', fence)
      await work.write(tx)
      await besides?.(tx)
    }
    const result = await this.#store.transact(fence, fold, { loadsFirst })
    if (result === 'committed') work.committed()
    return result
  }

  /** Writes what was folded already and moves the checkpoint, in one transaction or not at all. As `apply`. */
  async write(fence: Fence, work: FoldWork): Promise<TransactResult> {
    const result = await this.#store.transact(fence, async tx => {
      publishStep('folded', fence)
      await work.write(tx)
    })
    if (result === 'committed') work.committed()
    return result
  }

  /** As {@link ReadModelStore.load}. */
  load(at: CheckpointKey, keys: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    return this.#store.load(at, keys)
  }
}
