import type { Database } from 'lmdb'

/** A B-tree of the environment: bytes to bytes, in the order of the keys' bytes. */
export class Table {
  constructor(private readonly database: Database<Buffer, Buffer>) {}

  /**
   * The value of a key, in memory that the next read of ANY table overwrites; its `length` is right, copying goes through
   * `subarray`. Inside a transaction it sees what that wrote.
   */
  peek(key: Buffer): Buffer | undefined {
    return this.database.getBinaryFast(key)
  }

  /** The value of a key, in memory of its own. */
  get(key: Buffer): Buffer | undefined {
    const bytes = this.database.getBinaryFast(key)
    return bytes && Buffer.from(bytes.subarray(0, bytes.length))
  }

  /** Writes a value; only inside a transaction. Both arguments may be used again afterwards. */
  put(key: Buffer, value: Buffer): void {
    this.database.putSync(key, value)
  }

  /** The greatest key that is not above `key`. */
  floor(key: Buffer): Buffer | undefined {
    for (const found of this.database.getKeys({ start: key, reverse: true, limit: 1 }))
      return Buffer.from(found)
    return undefined
  }

  /** All keys from one on, in order. */
  keys(from?: Buffer): Iterable<Buffer> {
    return this.database.getKeys(from ? { start: from } : {})
  }
}
