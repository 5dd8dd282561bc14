import fc from 'fast-check'
import { expect, it } from 'vitest'
import { encodeResult } from '../../src/command/result.js'

const value = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constantFrom(null, undefined, -0),
)

it('gives a result as it comes back from its text, whatever it is', () => {
  const flat = fc.dictionary(fc.string(), value, { maxKeys: 5 })
  const nested = fc.record({ list: fc.array(flat), inner: flat, value })
  fc.assert(
    fc.property(
      fc.oneof(flat, nested, value).filter(result => !JSON.stringify(result ?? null).includes('__proto__')),
      result => {
        const { text, value: again } = encodeResult('test', result)
        const expected: unknown = text === undefined ? undefined : JSON.parse(text)
        expect(again).toStrictEqual(expected)
        expect(Object.keys(Object(again) as object)).toEqual(Object.keys(Object(expected) as object))
      },
    ),
    { numRuns: 1000 },
  )
})

it('gives nobody the object that the handler returned', () => {
  const returned = { cents: 1 }
  const { value: result } = encodeResult('test', returned)
  returned.cents = 2
  expect(result).toEqual({ cents: 1 })
})

it('refuses what would come back otherwise, also where no value has parts', () => {
  for (const result of [
    { a: NaN },
    { a: 1n },
    { [Symbol('s')]: 1 },
    JSON.parse('{"__proto__":1}'),
    new Date(),
    { a: '\ud800' },
  ])
    expect(() => encodeResult('test', result)).toThrow(expect.objectContaining({ code: 'HC_COMMAND_RESULT' }))
})
