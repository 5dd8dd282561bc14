import type { DecodedEvent } from '../catalog/event-catalog.js'
import type { ReadModelTx } from '../read-model/read-model-store.js'
import type { RowProjectionDefinition } from './definition.js'
import { foldBatch } from './fold-batch.js'
import { keysOfEvent, planFolds } from './fold-plan.js'
import type { Folding, FoldWork } from './folding.js'
import { rowCodec, type RowCodec } from './row-codec.js'
import type { RowSharing } from './row-sharing.js'

/** Folds rows: loads those of a batch at once, folds in memory, writes them at once. */
export class RowFolding implements Folding {
  readonly foldsByStreamKey: boolean
  readonly #projection: RowProjectionDefinition
  readonly #sharing: RowSharing
  readonly #codec: RowCodec

  constructor(projection: RowProjectionDefinition, sharing: RowSharing) {
    this.#projection = projection
    this.#sharing = sharing
    this.#codec = rowCodec(projection.row)
    this.foldsByStreamKey = [...projection.folds.values()].some(fold => !fold.key)
  }

  concerns(event: object): boolean {
    return this.#projection.folds.has(Object.getPrototypeOf(event) as object)
  }

  keysOf({ event, meta }: DecodedEvent): readonly string[] {
    return keysOfEvent(this.#projection, this.#sharing, event, meta)
  }

  prepare(events: readonly DecodedEvent[]): FoldWork {
    const plan = planFolds(this.#projection, this.#sharing, events)
    return async (tx: ReadModelTx, folded: () => void) => {
      if (plan.keys.length === 0) return folded()
      const loaded = await tx.load(plan.keys, { shared: this.#sharing.kind === 'shared' })
      const changes = foldBatch(this.#projection, this.#codec, plan, loaded)
      folded()
      await tx.save(changes)
    }
  }
}
