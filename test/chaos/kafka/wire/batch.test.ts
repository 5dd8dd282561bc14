import { describe, expect, it } from 'vitest'
import { crc32c, epochOf, withEpoch } from './batch.js'

describe('a record batch', () => {
  it('has the checksum CRC-32C', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
  })

  it('can be given another epoch, in which sequences begin at 0', () => {
    const batch = Buffer.alloc(80, 7)
    const changed = withEpoch(batch, 5)
    expect(epochOf(changed)).toBe(5)
    expect(changed.readInt32BE(53)).toBe(0)
    expect(changed.readUInt32BE(17)).toBe(crc32c(changed.subarray(21)))
    expect(changed.subarray(57)).toEqual(batch.subarray(57))
    expect(epochOf(batch)).toBe(0x0707)
  })
})
