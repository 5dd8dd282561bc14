import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flatJson } from '../../src/payload/flat-json.js'
import { PayloadWriter } from '../../src/payload/payload-writer.js'

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 40 }),
  fc.string({
    unit: fc.integer({ min: 0, max: 0x17f }).map(unit => String.fromCharCode(unit)),
    maxLength: 40,
  }),
  fc.constantFrom(
    '',
    'é'.repeat(17),
    'x'.repeat(5000),
    '"',
    '\\'.repeat(20),
    '\u007f\u0080',
    '\ud800',
    '\u2028',
  ),
)
const value = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constantFrom(null, undefined, -0, 1e21, 5e-324),
)

const written = (payload: object): string | undefined => {
  try {
    return new PayloadWriter('test').payload(payload)
  } catch {
    return undefined
  }
}

describe('the short way to JSON', () => {
  it('writes what the writer writes, or nothing at all', () => {
    fc.assert(
      fc.property(fc.dictionary(text, value, { maxKeys: 6 }), payload => {
        const flat = flatJson(payload)
        if (flat !== undefined) expect(flat).toBe(written(payload))
      }),
      { numRuns: 2000 },
    )
  })

  it('takes what events usually hold', () => {
    const usual = {
      cents: -12,
      rate: 0.1,
      note: 'Müller & Söhne, 12 °C',
      open: true,
      none: null,
      left: undefined,
    }
    expect(flatJson(usual)).toBe(JSON.stringify(usual))
    expect(flatJson({})).toBe('{}')
    expect(flatJson({ left: undefined })).toBe('{}')
  })

  it('leaves to the writer what has to be looked at more closely', () => {
    const proto = JSON.parse('{"__proto__":1}') as object
    for (const payload of [
      { a: NaN },
      { a: 1n },
      { a: [] },
      { a: {} },
      { a: new Date() },
      { a: () => 1 },
      { a: Symbol('s') },
      { a: '😀' },
      { a: 'a "quoted" word, and some more of them' },
      { 'a\n': 1 },
      proto,
    ])
      expect(flatJson(payload)).toBeUndefined()
  })

  it('leaves to the writer what is larger than its memory, at every place where that may end', () => {
    for (let length = 8100; length < 8200; length++) {
      const payload = { a: 'x'.repeat(length), b: 'é'.repeat(20), c: 1, d: 'short' }
      const flat = flatJson(payload)
      if (flat !== undefined) expect(flat).toBe(JSON.stringify(payload))
    }
    expect(flatJson({ a: 'x'.repeat(9000) })).toBeUndefined()
    expect(flatJson(Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`k${i}`, 1])))).toBeUndefined()
  })
})
