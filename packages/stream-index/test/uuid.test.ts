import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commandKeys, type CommandKey } from '../src/key/command-key.js'
import { readUuid, UUID_BYTES, writeUuid } from '../src/key/uuid.js'

const uuids = fc.uuid()

describe('a UUID as bytes', () => {
  it('comes back as it was, at any place', () => {
    fc.assert(
      fc.property(uuids, fc.nat(20), (uuid, at) => {
        const bytes = Buffer.alloc(at + UUID_BYTES)
        expect(writeUuid(bytes, uuid, at)).toBe(true)
        expect(bytes.subarray(at).toString('hex')).toBe(uuid.replaceAll('-', ''))
        expect(readUuid(bytes, at)).toBe(uuid)
      }),
    )
  })

  it('is only made of what comes back as it was: small letters, hyphens in their places, nothing else', () => {
    const bytes = Buffer.alloc(UUID_BYTES)
    fc.assert(
      fc.property(uuids, fc.nat(35), fc.string({ unit: 'binary', maxLength: 2 }), (uuid, at, other) => {
        const changed = uuid.slice(0, at) + other + uuid.slice(at + 1)
        const same = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(changed)
        expect(writeUuid(bytes, changed, 0)).toBe(same)
        if (same) expect(readUuid(bytes, 0)).toBe(changed)
      }),
      { numRuns: 2000 },
    )
    expect(writeUuid(bytes, '0190B3C4-0000-7000-8000-000000000000', 0)).toBe(false)
    expect(writeUuid(bytes, '0190b3c40-000-7000-8000-000000000000', 0)).toBe(false)
    expect(writeUuid(bytes, '0190b3c4-0000-7000-8000-00000000000\u0130', 0)).toBe(false)
  })
})

describe('the key of a command id', () => {
  const ids = fc.oneof(uuids, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }))
  const keys = fc.record({ commandId: ids, partition: fc.nat(65_535) })

  it('comes back as it was', () => {
    fc.assert(
      fc.property(keys, key => {
        const bytes = encode(key)
        expect(commandKeys.readKey(bytes, 0, bytes.length)).toEqual(key)
      }),
    )
  })

  it('differs for ids that differ, also when one has the bytes of the other', () => {
    fc.assert(
      fc.property(keys, keys, (one, other) => {
        const same = one.commandId === other.commandId && one.partition === other.partition
        expect(encode(one).equals(encode(other))).toBe(same)
      }),
    )
    const uuid = '31313131-3131-3131-3131-313131313131'
    const text = '1'.repeat(16)
    expect(encode({ commandId: uuid, partition: 1 }).equals(encode({ commandId: text, partition: 1 }))).toBe(
      false,
    )
  })

  it('puts UUIDs behind all other ids, in the order of their texts', () => {
    fc.assert(
      fc.property(uuids, uuids, fc.string({ unit: 'grapheme', minLength: 1 }), (one, other, text) => {
        const [a, b] = [one, other].map(commandId => encode({ commandId, partition: 0 })) as [Buffer, Buffer]
        expect(Math.sign(a.compare(b))).toBe(one < other ? -1 : one > other ? 1 : 0)
        if (!/^[0-9a-f-]{36}$/.test(text))
          expect(encode({ commandId: text, partition: 65_535 }).compare(a)).toBe(-1)
      }),
    )
  })
})

function encode(key: CommandKey): Buffer {
  const bytes = Buffer.alloc(1024)
  return bytes.subarray(0, commandKeys.writeKey(key, bytes, 0))
}
