import type { DecodedEvent } from '../../catalog/event-catalog.js'
import type { ReadModelTx } from '../../read-model/read-model-store.js'
import type { Row } from '../declare/column-types.js'
import type { RowProjectionDefinition } from '../definition/definition.js'
import { changesOf, foldInto, type RowChanges } from './fold-batch.js'
import { planFolds, type FoldStep } from './fold-plan.js'
import type { AheadWork } from './folding.js'
import type { RowCache } from './row-cache.js'
import type { RowCodec } from '../row/row-codec.js'
import type { RowSharing } from './row-sharing.js'

/** What some events do, and which rows have to be loaded for it. */
interface Planned {
  readonly events: readonly DecodedEvent[]
  readonly steps: readonly FoldStep[]
  readonly missing: readonly string[]
}

/** The rows of one transaction: each is loaded at most once, folded in memory, and written once at the end. */
export class RowWork implements AheadWork {
  readonly #projection: RowProjectionDefinition
  readonly #codec: RowCodec
  readonly #sharing: RowSharing
  readonly #cache: RowCache | undefined
  /** As they were before; those that did not exist are missing. */
  readonly #before = new Map<string, Row>()
  /** As they are now. */
  readonly #rows = new Map<string, Row | null>()
  #planned: Planned | undefined
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

  loadsFirst(events: readonly DecodedEvent[]): readonly string[] {
    this.#planned = this.#plan(events)
    return this.#sharing.kind === 'shared' ? [] : this.#planned.missing
  }

  async fold(tx: Pick<ReadModelTx, 'load'>, events: readonly DecodedEvent[]): Promise<void> {
    const { steps, missing } = this.#planned?.events === events ? this.#planned : this.#plan(events)
    if (missing.length > 0)
      for (const [key, row] of await tx.load(missing, { shared: this.#sharing.kind === 'shared' }))
        this.#before.set(key, row)
    foldInto(this.#rows, this.#projection, this.#codec, steps, this.#before)
  }

  get rows(): number {
    return this.#rows.size
  }

  close(): void {
    this.#changes ??= changesOf(this.#rows, this.#before)
    this.#cache?.keep(this.#changes)
  }

  async write(tx: Pick<ReadModelTx, 'save'>): Promise<void> {
    if (this.#rows.size === 0) return
    if (!this.#changes) this.close()
    await tx.save(this.#changes!)
  }

  committed(): void {
    this.#cache?.makeRoom()
  }

  #plan(events: readonly DecodedEvent[]): Planned {
    const { steps, keys } = planFolds(this.#projection, this.#sharing, events)
    return { events, steps, missing: keys.filter(key => !this.#rows.has(key) && !this.#known(key)) }
  }

  /** Whether the cache says what the row is, or that there is none. */
  #known(key: string): boolean {
    const row = this.#cache?.get(key)
    if (row) this.#before.set(key, row)
    return row !== undefined
  }
}
