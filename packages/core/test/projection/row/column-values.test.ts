import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnValue } from '../../../src/projection/row/column-values.js'
import type { ColumnType } from '../../../src/projection/declare/column-types.js'
import { compareKeys, rowKeyProblem } from '../../../src/projection/row/row-key.js'

const cyclic: Record<string, unknown> = {}
cyclic['self'] = cyclic

describe('a column', () => {
  it.each<[ColumnType, unknown]>([
    ['text', 'Ä €  👍 \u0001'],
    ['text', ''],
    ['integer', -2_147_483_648],
    ['integer', 2_147_483_647],
    ['bigint', -(2n ** 63n)],
    ['bigint', 2n ** 63n - 1n],
    ['double precision', Number.MIN_VALUE],
    ['double precision', -1.5e300],
    ['boolean', false],
    ['timestamptz', new Date('0001-01-01T00:00:00.000Z')],
    ['timestamptz', new Date('9999-12-31T23:59:59.999Z')],
    ['jsonb', { a: [1, null, { b: 'x' }], __proto__x: true }],
    ['jsonb', []],
    ['jsonb', JSON.parse('{"__proto__":{"polluted":true}}')],
    ['uuid', '018f4a4e-7b1c-7000-8000-000000000001'],
  ])('of type %s keeps %o', (type, value) => {
    expect(columnValue[type](value)).toStrictEqual(value)
  })

  it.each<[ColumnType, unknown, RegExp]>([
    ['text', 7, /needs a text, not the number 7/],
    ['text', 'a\0b', /without the NUL character/],
    ['text', 'half \ud83d', /without half surrogate pairs/],
    ['integer', '7', /needs a number, not "7"/],
    ['integer', 1.5, /whole numbers of 32 bits, not 1\.5/],
    ['integer', 2_147_483_648, /32 bits, not 2147483648/],
    ['integer', Number.NaN, /32 bits, not NaN/],
    ['bigint', 7, /needs a bigint, not the number 7/],
    ['bigint', 2n ** 63n, /64 bits, not 9223372036854775808/],
    ['double precision', Number.NaN, /finite numbers, not NaN/],
    ['double precision', Number.POSITIVE_INFINITY, /finite numbers, not Infinity/],
    ['double precision', 1n, /needs a number, not the bigint 1/],
    ['boolean', 0, /needs a boolean, not the number 0/],
    ['timestamptz', '2001-01-01', /needs a Date, not "2001-01-01"/],
    ['timestamptz', new Date(Number.NaN), /years 1 to 9999, not an invalid Date/],
    ['timestamptz', new Date(8.64e15), /years 1 to 9999, not \+275760/],
    ['timestamptz', new Date(Date.parse('0001-01-01T00:00:00Z') - 1), /years 1 to 9999/],
    ['jsonb', 'text', /needs an object or array, not "text"/],
    ['jsonb', { at: new Date(0) }, /plain JSON.*\.at is an object of Date/],
    ['jsonb', { n: [1n] }, /plain JSON.*\.n\[0\] is the bigint 1/],
    ['jsonb', [undefined], /plain JSON.*\[0\] is undefined/],
    ['jsonb', { n: Number.NaN }, /plain JSON.*\.n is the number NaN/],
    ['jsonb', new Map(), /plain JSON.*the value is an object of Map/],
    ['jsonb', { 'k\0': 1 }, /NUL character, see a key of the value/],
    ['jsonb', cyclic, /at most 100 levels.*or a cycle/],
    ['uuid', 'x', /UUIDs in small letters with hyphens, not "x"/],
    ['uuid', '018F4A4E-7B1C-7000-8000-000000000001', /small letters/],
  ])('of type %s refuses %o', (type, value, reason) => {
    expect(() => columnValue[type](value)).toThrow(reason)
  })

  it('keeps no negative zero, which SQL would not give back', () => {
    expect(columnValue.integer(-0)).toBe(0)
    expect(columnValue['double precision'](-0)).toBe(0)
    expect(columnValue.jsonb({ n: -0 })).toStrictEqual({ n: 0 })
  })

  it('leaves undefined properties of JSON out, as JSON does', () => {
    expect(columnValue.jsonb({ a: 1, b: undefined })).toStrictEqual({ a: 1 })
  })

  it('shares nothing with the value it was given', () => {
    const date = new Date(5)
    const json = { list: [{ n: 1 }] }
    const keptDate = columnValue.timestamptz(date)
    const keptJson = columnValue.jsonb(json)
    date.setTime(6)
    json.list[0]!.n = 2
    expect(keptDate).toStrictEqual(new Date(5))
    expect(keptJson).toStrictEqual({ list: [{ n: 1 }] })
  })

  it('keeps exactly the JSON that comes back equal from JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        fc.pre(typeof value === 'object' && value !== null && !JSON.stringify(value).includes('\\u0000'))
        const kept = columnValue.jsonb(value)
        expect(JSON.parse(JSON.stringify(kept))).toStrictEqual(kept)
      }),
    )
  })
})

describe('the key of a row', () => {
  it.each<[unknown, RegExp]>([
    [7, /the number 7, and a row's key is named as text/],
    [undefined, /undefined/],
    ['', /an empty key/],
    ['x'.repeat(501), /501 characters, the limit is 500/],
    ['a\0', /NUL character/],
    ['\udc00', /half a surrogate pair/],
  ])('cannot be %o', (key, problem) => {
    expect(rowKeyProblem(key)).toMatch(problem)
  })

  it('sorts text by code points, as the bytes of UTF-8 do', () => {
    const text = fc.string({ unit: 'binary' })
    fc.assert(
      fc.property(text, text, (a, b) => {
        const bytes = Buffer.compare(Buffer.from(a), Buffer.from(b))
        expect(Math.sign(compareKeys('text', a, b))).toBe(bytes)
      }),
    )
    expect(compareKeys('text', '\u{1f44d}', '\uffff')).toBeGreaterThan(0)
  })

  it('sorts whole numbers by value', () => {
    expect(['10', '9', '-1'].toSorted((a, b) => compareKeys('integer', a, b))).toEqual(['-1', '9', '10'])
    expect(compareKeys('bigint', '9007199254740993', '9007199254740992')).toBe(1)
  })
})
