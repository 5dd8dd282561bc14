import { Bell } from '../memory/bell.js'
import type { Row } from '../projection/declare/column-types.js'
import type { RowProjectionDefinition } from '../projection/definition/definition.js'
import type { RowChanges } from '../projection/fold/fold-batch.js'
import { rowCodec, type RowCodec } from '../projection/row/row-codec.js'
import { compareKeys } from '../projection/row/row-key.js'
import { publishStep } from '../projection/diagnostics/step.js'
import { MemoryPartition } from './memory-partition.js'
import { MemoryRequests } from './memory-requests.js'
import type { Claim, Fence, LogPlace, ReadModelTx, TransactResult } from './read-model-store.js'

interface Place extends LogPlace {
  readonly state: MemoryPartition
}

/** The rows and checkpoints of one version of a projection, changed by one transaction at a time. */
export class MemoryTable {
  /** The declarations it was made by. */
  readonly projection: RowProjectionDefinition
  /** Rings after every commit. */
  readonly moved: Bell = new Bell()
  readonly requests: MemoryRequests = new MemoryRequests()
  readonly #codec: RowCodec
  readonly #rows = new Map<string, Row>()
  readonly #places = new Map<string, Place>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(projection: RowProjectionDefinition) {
    this.projection = projection
    this.#codec = rowCodec(projection.row)
  }

  /** What is known of a partition. */
  partition({ log, partition }: LogPlace): MemoryPartition {
    const key = `${log}/${partition}`
    let place = this.#places.get(key)
    if (!place) this.#places.set(key, (place = { log, partition, state: new MemoryPartition() }))
    return place.state
  }

  /** Every partition that was ever claimed. */
  places(): readonly Place[] {
    return [...this.#places.values()].filter(({ state }) => state.claimed)
  }

  row(key: string): readonly Row[] {
    const row = this.#rows.get(key)
    return row ? [this.#codec.copy(row)] : []
  }

  /** The rows that exist, by key. */
  load(keys: readonly string[]): ReadonlyMap<string, Row> {
    return this.#found(keys, key => this.#rows.get(key))
  }

  all(): readonly Row[] {
    const { type } = this.projection.row.key
    const keys = [...this.#rows.keys()].toSorted((a, b) => compareKeys(type, a, b))
    return keys.map(key => this.#codec.copy(this.#rows.get(key)!))
  }

  claim(at: LogPlace): Promise<Claim> {
    return this.#exclusive(async () => this.partition(at).claim())
  }

  transact(fence: Fence, work: (tx: ReadModelTx) => Promise<void>): Promise<TransactResult> {
    return this.#exclusive(async () => {
      publishStep('begun', fence)
      const partition = this.partition(fence)
      if (!partition.admits(fence)) return 'fenced'
      publishStep('checkpoint-written', fence)
      const rows = new Map<string, Row | null>()
      const books = partition.begin()
      const answers: (() => void)[] = []
      await work({
        ...this.#rowsIn(rows),
        ...books.tx,
        answer: async (id, outcome) => void answers.push(() => this.requests.answer(id, outcome)),
      })
      publishStep('rows-written', fence)
      this.#commit(rows)
      books.commit(fence.next)
      for (const answer of answers) answer()
      publishStep('committed', fence)
      this.moved.ring()
      return 'committed'
    })
  }

  #rowsIn(staged: Map<string, Row | null>): Pick<ReadModelTx, 'load' | 'save'> {
    return {
      load: async keys => this.#found(keys, key => (staged.has(key) ? staged.get(key) : this.#rows.get(key))),
      save: async ({ upserts, deletes }: RowChanges) => {
        for (const [key, row] of upserts) staged.set(key, row)
        for (const key of deletes) staged.set(key, null)
      },
    }
  }

  #found(keys: readonly string[], rowOf: (key: string) => Row | null | undefined): ReadonlyMap<string, Row> {
    const found = new Map<string, Row>()
    for (const key of keys) {
      const row = rowOf(key)
      if (row) found.set(key, row)
    }
    return found
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
