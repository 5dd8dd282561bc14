import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePayload } from '../../src/payload/decode.js'
import { encodePayload } from '../../src/payload/encode.js'
import { Category, money, placed, Placed, Special } from './order.js'

const roundTrip = <T extends object>(type: new () => T, payload: T): T =>
  decodePayload(type, encodePayload(payload, 'test'), 'test')

const text = fc.string({ unit: 'grapheme' })
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map(n => n + 0)
const date = fc.date({ noInvalidDate: true })
const amount = fc.record({ cents: fc.bigInt(), currency: text }).map(m => money(m.cents, m.currency))
const named = (name: string): boolean => name !== '__proto__'
const { json } = fc.letrec<{ json: unknown }>(tie => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    number,
    text,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(text.filter(named), tie('json'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))
const { category } = fc.letrec<{ category: Category }>(tie => ({
  category: fc
    .record(
      { name: text, parent: fc.option(tie('category'), { nil: null, depthSize: 'small' }) },
      { requiredKeys: ['name'] },
    )
    .map(data => Object.assign(Object.create(Category.prototype) as Category, data)),
}))
const fields = {
  text,
  count: number,
  flag: fc.boolean(),
  nothing: fc.constant(null),
  at: date,
  big: fc.bigInt(),
  total: amount,
  lines: fc.array(amount),
  days: fc.array(date),
  bigs: fc.array(fc.bigInt()),
  later: fc.array(amount),
  category,
  plain: fc.dictionary(text.filter(named), json, { noNullPrototype: true }),
  list: fc.array(json),
}
const data = fc.record(fields, { requiredKeys: [], noNullPrototype: true })
const unknownFields = fc.dictionary(
  text.filter(name => named(name) && !Object.hasOwn(fields, name)),
  json,
  { maxKeys: 3, noNullPrototype: true },
)

describe('a payload', () => {
  it('comes back equal, with inherited fields and the classes’ methods', () => {
    const event = Object.assign(new Special(), {
      text: 'ä "quoted" \u2028 😀',
      at: new Date(0),
      big: -(2n ** 80n),
      total: money(5n, 'EUR'),
      until: new Date(3),
    })
    const back = roundTrip(Special, event)
    expect(definedOf(back)).toStrictEqual(definedOf(event))
    expect(back.total!.plus(money(1n, 'EUR')).isZero).toBe(false)
  })

  it('comes back equal, whatever it holds', () => {
    fc.assert(
      fc.property(data, held => {
        const event = placed(held)
        const back = roundTrip(Placed, event)
        expect(back).toBeInstanceOf(Placed)
        expect(definedOf(back)).toStrictEqual(definedOf(event))
      }),
    )
  })

  it('comes back with the fields that its class does not know, and is then written as it was read', () => {
    fc.assert(
      fc.property(data, unknownFields, (held, unknown) => {
        const recorded = encodePayload(placed({ ...held, ...unknown }), 'test')
        const back = decodePayload(Placed, recorded, 'test')
        expect(definedOf(back)).toMatchObject(unknown)
        expect(JSON.parse(encodePayload(back, 'test'))).toEqual(JSON.parse(recorded))
      }),
    )
  })

  it('is written as JSON.stringify writes it, where it is plain JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(text.filter(named), json), plain => {
        expect(encodePayload(plain, 'test')).toBe(JSON.stringify(plain))
      }),
    )
  })
})

/** Undefined is the same as absent. */
function definedOf(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
}
