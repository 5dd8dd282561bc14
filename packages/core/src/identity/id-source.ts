import { randomFillSync } from 'node:crypto'

/** Where event ids and command ids come from. */
export interface IdSource {
  /** A new id, unique everywhere. */
  next(): string
}

const POOL_BYTES = 8192

const BYTES_PER_ID = 8

/**
 * UUIDs of version 7: they sort by the time of their making, so that an index of them grows at its end.
 *
 * Guarantee: ids of one source grow strictly; 62 bits of randomness beside the counter make them unique across sources.
 *
 * @see RFC 9562, section 5.7, and section 6.2 method 1 for the counter.
 */
export function uuidV7Source(): IdSource {
  const pool = Buffer.alloc(POOL_BYTES)
  let used = POOL_BYTES
  let lastMs = 0
  let counter = 0
  return {
    next(): string {
      const now = Date.now()
      if (now > lastMs) {
        lastMs = now
        counter = 0
      } else if (++counter > 0xfff) {
        lastMs++
        counter = 0
      }
      if (used + BYTES_PER_ID > POOL_BYTES) {
        randomFillSync(pool)
        used = 0
      }
      pool[used] = (pool[used]! & 0x3f) | 0x80
      const random = pool.toString('hex', used, used + BYTES_PER_ID)
      used += BYTES_PER_ID
      const ms = lastMs.toString(16).padStart(12, '0')
      return `${ms.slice(0, 8)}-${ms.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${random.slice(0, 4)}-${random.slice(4)}`
    },
  }
}
