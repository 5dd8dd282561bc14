/**
 * The partition of a partition key: `(murmur2(key) & 0x7fffffff) mod partitions`, over the key's UTF-8 bytes.
 *
 * Guarantee: the same partition as the default partitioner of Kafka's Java clients, in every store.
 *
 * @see org.apache.kafka.common.utils.Utils#murmur2
 */
export function partitionOf(partitionKey: string, partitions: number): number {
  return (hashOf(partitionKey) & 0x7fffffff) % partitions
}

/** Keys of up to so many bytes are written into memory that is there already. */
const SCRATCH_BYTES = 1024
const scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES)

function hashOf(key: string): number {
  if (key.length * 3 > SCRATCH_BYTES) return murmur2(Buffer.from(key), Buffer.byteLength(key))
  return murmur2(scratch, scratch.write(key))
}

const SEED = 0x9747b28c
const M = 0x5bd1e995

function murmur2(bytes: Uint8Array, length: number): number {
  let h = SEED ^ length
  let i = 0
  for (; i + 4 <= length; i += 4) {
    let k = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
    k = Math.imul(k, M)
    k ^= k >>> 24
    h = Math.imul(h, M) ^ Math.imul(k, M)
  }
  const rest = length - i
  if (rest === 3) h ^= bytes[i + 2]! << 16
  if (rest >= 2) h ^= bytes[i + 1]! << 8
  if (rest >= 1) h = Math.imul(h ^ bytes[i]!, M)
  h ^= h >>> 13
  h = Math.imul(h, M)
  return h ^ (h >>> 15)
}
