import { Bell } from '../memory/bell.js'
import type { Row } from '../projection/column-types.js'
import type { RowProjectionDefinition } from '../projection/definition.js'
import type { RowChanges } from '../projection/fold-batch.js'
import { rowCodec, type RowCodec } from '../projection/row-codec.js'
import { compareKeys } from '../projection/row-key.js'
import type { Claim, Fence, LogPlace, ReadModelTx, TransactResult } from './read-model-store.js'

const NEW: Claim = { next: 0n, epoch: 0n }

/** The rows and checkpoints of one version of a projection, changed by one transaction at a time. */
export class MemoryTable {
  /** Rings after every commit. */
  readonly moved: Bell = new Bell()
  readonly #projection: RowProjectionDefinition
  readonly #codec: RowCodec
  readonly #rows = new Map<string, Row>()
  readonly #checkpoints = new Map<string, Claim>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(projection: RowProjectionDefinition) {
    this.#projection = projection
    this.#codec = rowCodec(projection.row)
  }

  checkpoint(at: LogPlace): Claim {
    return this.#checkpoints.get(placeKey(at)) ?? NEW
  }

  row(key: string): readonly Row[] {
    const row = this.#rows.get(key)
    return row ? [this.#codec.copy(row)] : []
  }

  all(): readonly Row[] {
    const { type } = this.#projection.row.key
    const keys = [...this.#rows.keys()].toSorted((a, b) => compareKeys(type, a, b))
    return keys.map(key => this.#codec.copy(this.#rows.get(key)!))
  }

  claim(at: LogPlace): Promise<Claim> {
    return this.#exclusive(async () => {
      const { next, epoch } = this.checkpoint(at)
      const claim = { next, epoch: epoch + 1n }
      this.#checkpoints.set(placeKey(at), claim)
      return claim
    })
  }

  transact(fence: Fence, work: (tx: ReadModelTx) => Promise<void>): Promise<TransactResult> {
    return this.#exclusive(async () => {
      const { next, epoch } = this.checkpoint(fence)
      if (next !== fence.from || epoch !== fence.epoch) return 'fenced'
      const staged = new Map<string, Row | null>()
      await work(this.#transaction(staged))
      this.#commit(staged)
      this.#checkpoints.set(placeKey(fence), { next: fence.next, epoch })
      this.moved.ring()
      return 'committed'
    })
  }

  #transaction(staged: Map<string, Row | null>): ReadModelTx {
    return {
      load: async keys => {
        const found = new Map<string, Row>()
        for (const key of keys) {
          const row = staged.has(key) ? staged.get(key) : this.#rows.get(key)
          if (row) found.set(key, row)
        }
        return found
      },
      save: async ({ upserts, deletes }: RowChanges) => {
        for (const [key, row] of upserts) staged.set(key, row)
        for (const key of deletes) staged.set(key, null)
      },
    }
  }

  #commit(staged: ReadonlyMap<string, Row | null>): void {
    for (const [key, row] of staged)
      if (row) this.#rows.set(key, row)
      else this.#rows.delete(key)
  }

  /** One after the other, as a lock on the checkpoints and rows would make it. */
  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work)
    this.#last = mine.catch(() => undefined)
    return mine
  }
}

function placeKey({ log, partition }: LogPlace): string {
  return `${log}/${partition}`
}
