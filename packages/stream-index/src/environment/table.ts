import type { Database } from 'lmdb'

// lmdb's declarations do not say that a write takes this, nor that it tells what came of it.
const ADD = { noOverwrite: true } as never

/** A B-tree of the environment: keys to bytes, in the order of the keys' bytes. */
export class Table<K> {
  private readonly database: Database<Buffer, never>

  constructor(database: Database<Buffer, never>) {
    this.database = database
  }

  /**
   * The value of a key, in memory that the next read of ANY table overwrites; its `length` is right, copying goes through
   * `subarray`. Inside a transaction it sees what that wrote.
   */
  peek(key: K): Buffer | undefined {
    return this.database.getBinaryFast(key as never)
  }

  /** The value of a key, in memory of its own. */
  get(key: K): Buffer | undefined {
    const bytes = this.peek(key)
    return bytes && Buffer.from(bytes.subarray(0, bytes.length))
  }

  /** Writes a value; only inside a transaction. Its memory may be used again afterwards. */
  put(key: K, value: Buffer): void {
    this.database.putSync(key as never, value)
  }

  /** Writes the value of a new key; only inside a transaction. @returns false when the key is there already: nothing was written */
  add(key: K, value: Buffer): boolean {
    return this.database.putSync(key as never, value, ADD) as unknown as boolean
  }

  /** Takes a key away; only inside a transaction. */
  remove(key: K): void {
    this.database.removeSync(key as never)
  }

  /** The greatest key that is not above this one. */
  floor(key: K): K | undefined {
    return this.first({ start: key, end: undefined, reverse: true })
  }

  /** The smallest key that is not below this one. */
  ceiling(key: K): K | undefined {
    return this.first({ start: key })
  }

  /** The keys from one to another, both included. */
  between(low: K, high: K): K[] {
    return [...this.database.getKeys({ start: low, end: high, inclusiveEnd: true } as never)] as K[]
  }

  private first(range: { start: K; end?: undefined; reverse?: true }): K | undefined {
    for (const found of this.database.getKeys({ ...range, limit: 1 } as never)) return found as K
    return undefined
  }
}
