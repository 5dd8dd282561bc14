import type { Row } from '../declare/column-types.js'
import type { RowChanges } from './fold-batch.js'

/** When all are committed, a cache holds no more rows than this … */
const MOST_ROWS = 20_000
/** … nor more text and JSON in them: a few megabytes. */
const MOST_CHARACTERS = 4_194_304

/** A row as the last transaction leaves it, which nobody changes; null where there is none. */
interface Kept {
  readonly row: Row | null
  readonly characters: number
}

/**
 * The rows that a worker wrote last, so that it need not load them again. Only for rows that nobody else changes, and only
 * as long as the worker's claim holds: it is emptied when a claim is made, when one is lost, and when it is not known what
 * became of a transaction.
 */
export class RowCache {
  readonly #rows = new Map<string, Kept>()
  #characters = 0

  /** What is known of a row; undefined when nothing is. */
  get(key: string): Row | null | undefined {
    return this.#rows.get(key)?.row
  }

  /** Keeps what a transaction writes: until it is committed, nothing of it can be loaded. */
  keep({ upserts, deletes }: RowChanges): void {
    for (const [key, row] of upserts) this.#put(key, row)
    for (const key of deletes) this.#put(key, null)
  }

  /** Everything that was kept is committed: the rows that were not changed for longest make room. */
  makeRoom(): void {
    for (const [key] of this.#rows) {
      if (this.#rows.size <= MOST_ROWS && this.#characters <= MOST_CHARACTERS) break
      this.#remove(key)
    }
  }

  clear(): void {
    this.#rows.clear()
    this.#characters = 0
  }

  #put(key: string, row: Row | null): void {
    this.#remove(key)
    const characters = row ? charactersOf(row) : 0
    this.#rows.set(key, { row, characters })
    this.#characters += characters
  }

  #remove(key: string): void {
    this.#characters -= this.#rows.get(key)?.characters ?? 0
    this.#rows.delete(key)
  }
}

/** Of those columns that may be large. */
function charactersOf(row: Row): number {
  let characters = 0
  for (const name in row) {
    const value = row[name]
    if (typeof value === 'string') characters += value.length
    else if (typeof value === 'object' && value !== null && !(value instanceof Date))
      characters += JSON.stringify(value).length
  }
  return characters
}
