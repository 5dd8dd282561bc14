import type { DecodedEvent } from '../catalog/event-catalog.js'
import type { ReadModelTx } from '../read-model/read-model-store.js'
import type { Row } from './column-types.js'
import type { RowProjectionDefinition } from './definition.js'
import { changesOf, foldInto, type RowChanges } from './fold-batch.js'
import { planFolds } from './fold-plan.js'
import type { FoldWork } from './folding.js'
import type { RowCache } from './row-cache.js'
import type { RowCodec } from './row-codec.js'
import type { RowSharing } from './row-sharing.js'

/** The rows of one transaction: each is loaded at most once, folded in memory, and written once at the end. */
export class RowWork implements FoldWork {
  readonly #projection: RowProjectionDefinition
  readonly #codec: RowCodec
  readonly #sharing: RowSharing
  readonly #cache: RowCache | undefined
  /** As they were before; those that did not exist are missing. */
  readonly #before = new Map<string, Row>()
  /** As they are now. */
  readonly #rows = new Map<string, Row | null>()
  #changes: RowChanges | undefined

  constructor(
    projection: RowProjectionDefinition,
    codec: RowCodec,
    sharing: RowSharing,
    cache: RowCache | undefined,
  ) {
    this.#projection = projection
    this.#codec = codec
    this.#sharing = sharing
    this.#cache = cache
  }

  async fold(tx: ReadModelTx, events: readonly DecodedEvent[]): Promise<void> {
    const { steps, keys } = planFolds(this.#projection, this.#sharing, events)
    const missing = keys.filter(key => !this.#rows.has(key) && !this.#known(key))
    if (missing.length > 0)
      for (const [key, row] of await tx.load(missing, { shared: this.#sharing.kind === 'shared' }))
        this.#before.set(key, row)
    foldInto(this.#rows, this.#projection, this.#codec, steps, this.#before)
  }

  async write(tx: ReadModelTx): Promise<void> {
    if (this.#rows.size === 0) return
    this.#changes = changesOf(this.#rows, this.#before)
    await tx.save(this.#changes)
  }

  committed(): void {
    if (this.#changes) this.#cache?.keep(this.#changes)
  }

  /** Whether the cache says what the row is, or that there is none. */
  #known(key: string): boolean {
    const row = this.#cache?.get(key)
    if (row) this.#before.set(key, row)
    return row !== undefined
  }
}
