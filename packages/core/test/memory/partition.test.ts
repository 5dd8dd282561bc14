import { createRequire } from 'node:module'
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { partitionOf } from '@hindcast/core'

interface KafkaMessage {
  readonly topic: string
  readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number }[]
  readonly message: { readonly key: string }
}
type Partitioner = (message: KafkaMessage) => number

const require = createRequire(import.meta.url)
const { Partitioners } = require('kafkajs') as { Partitioners: { DefaultPartitioner: () => Partitioner } }

const KEYS = 20_000
const SCRIPTS = ['aZ09-_', 'äßéñ', 'Ω≈ж', '日本語', '🚀👩‍💻', ' /\\:;,"\'%']

/** 1 to 60 characters of one to four UTF-8 bytes each, so that every remainder of the hash's blocks of 4 is met. */
function randomKey(): string {
  const bytes = randomBytes(61)
  const letters = Array.from(SCRIPTS[bytes[60]! % SCRIPTS.length]! + 'abc123')
  return Array.from(bytes.subarray(0, 1 + (bytes[59]! % 60)), byte => letters[byte % letters.length]).join('')
}

describe('the partition of a key', () => {
  it('is the one that Kafka’s default partitioner chooses, for 20,000 random keys and several partition counts', () => {
    const partitioner = Partitioners.DefaultPartitioner()
    const seen = new Set<number>()
    const lengths = new Set<number>()
    for (let i = 0; i < KEYS; i++) {
      const key = randomKey()
      const partitions = 1 + (i % 40)
      const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
        partitionId,
        leader: 0,
      }))
      const own = partitionOf(key, partitions)
      if (own !== partitioner({ topic: 'bank', partitionMetadata, message: { key } }))
        expect.fail(`partitionOf(${JSON.stringify(key)}, ${partitions}) is ${own}, Kafka chooses another`)
      seen.add(own)
      lengths.add(Buffer.byteLength(key) % 4)
    }
    expect(seen.size).toBe(40)
    expect(lengths.size).toBe(4)
  })

  it('is the one that Kafka’s own tests name', () => {
    // org.apache.kafka.common.utils.UtilsTest#testMurmur2: the hashes of these keys, made positive.
    const hashes: Record<string, number> = {
      '21': -973932308,
      foobar: -790332482,
      'a-little-bit-long-string': -985981536,
      'a-little-bit-longer-string': -1486304829,
      lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8: -58897971,
      abc: 479470107,
    }
    for (const [key, hash] of Object.entries(hashes))
      expect(partitionOf(key, 0x7fffffff), key).toBe((hash & 0x7fffffff) % 0x7fffffff)
  })

  it('spreads keys evenly', () => {
    const counts = Array.from({ length: 8 }, () => 0)
    for (let i = 0; i < 80_000; i++) counts[partitionOf(`account-acc-${i}`, 8)]!++
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
  })
})
