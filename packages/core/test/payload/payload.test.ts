import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Event, Field } from '../../src/index.js'
import { decodePayload } from '../../src/payload/decode.js'
import { encodePayload } from '../../src/payload/encode.js'

class Money {
  @Field(BigInt) cents!: bigint
  currency!: string
  get isZero(): boolean {
    return this.cents === 0n
  }
  static of(cents: bigint, currency: string): Money {
    return Object.assign(new Money(), { cents, currency })
  }
}
class Placed extends Event('order.placed') {
  text?: string
  count?: number
  flag?: boolean
  nothing?: null
  @Field(Date) at?: Date
  @Field(BigInt) big?: bigint
  @Field(() => Money) total?: Money
  @Field([Money]) lines?: Money[]
  @Field([Date]) days?: Date[]
  @Field(() => [Money]) later?: Money[]
  plain?: object
  list?: readonly unknown[]
}
class Special extends Placed {
  @Field(Date) until?: Date
}
const roundTrip = <T extends object>(type: new () => T, payload: T): T =>
  decodePayload(type, encodePayload(payload, 'test'), 'test')
const placed = (data: object): Placed => Object.assign(new Placed(), data)

describe('a payload', () => {
  it('comes back equal, with dates, bigints, nested classes, lists and inherited fields', () => {
    const event = Object.assign(new Special(), {
      text: 'ä "quoted" \u2028 😀',
      count: 1.5,
      flag: false,
      nothing: null,
      at: new Date(0),
      big: -(2n ** 80n),
      total: Money.of(5n, 'EUR'),
      lines: [Money.of(0n, 'USD')],
      days: [new Date(1), new Date(2)],
      later: [Money.of(9n, 'EUR')],
      plain: { a: { b: [1, null, 'x'] } },
      list: [[], [{}]],
      until: new Date(3),
    })
    const back = roundTrip(Special, event)
    expect(back).toStrictEqual(event)
    expect(back.lines![0]!.isZero).toBe(true)
  })

  it('is plain JSON in the log', () => {
    const text = encodePayload(placed({ at: new Date(0), big: 7n, total: Money.of(5n, 'EUR') }), 'test')
    expect(JSON.parse(text)).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      big: '7',
      total: { cents: '5', currency: 'EUR' },
    })
  })

  it('keeps fields that the class does not know, and runs no constructor', () => {
    let constructed = 0
    class Counted {
      known = 1
      constructor() {
        constructed++
      }
    }
    const back = decodePayload(Counted, '{"known":2,"later":{"x":[1]}}', 'test')
    expect(back).toBeInstanceOf(Counted)
    expect(Object.fromEntries(Object.entries(back))).toEqual({ known: 2, later: { x: [1] } })
    expect(constructed).toBe(0)
  })

  it('cannot change a prototype, nor trip over names that the class has', () => {
    const back = decodePayload(
      Money,
      '{"__proto__":{"evil":true},"isZero":1,"constructor":2,"toString":3}',
      'test',
    )
    expect(Object.getPrototypeOf(back)).toBe(Money.prototype)
    expect((back as unknown as { evil?: boolean }).evil).toBeUndefined()
    expect(Object.keys(back).toSorted()).toEqual(['__proto__', 'constructor', 'isZero', 'toString'])
  })

  it('leaves undefined properties out, which reads the same, and writes -0 as 0', () => {
    expect(encodePayload({ a: undefined, b: 1, c: undefined, d: -0 }, 'test')).toBe('{"b":1,"d":0}')
  })

  it('does not call a method named toJSON', () => {
    class Tricky {
      value = 1
      toJSON(): string {
        return 'no'
      }
    }
    expect(encodePayload(new Tricky(), 'test')).toBe('{"value":1}')
  })

  const cyclic: { self?: object } = {}
  cyclic.self = cyclic
  it.each<[string, object, string]>([
    ['NaN', { count: Number.NaN }, 'count'],
    ['Infinity', { plain: { deep: [Number.POSITIVE_INFINITY] } }, 'plain.deep[0]'],
    ['undefined in a list', { list: [1, undefined] }, 'list[1]'],
    ['a list with holes', { list: [1, , 2] }, 'list'], // eslint-disable-line no-sparse-arrays
    ['a function', { plain: { f: () => 1 } }, 'plain.f'],
    ['a symbol', { plain: { s: Symbol('s') } }, 'plain.s'],
    ['a symbol property', { plain: { [Symbol('s')]: 1 } }, 'plain'],
    ['a Map', { plain: new Map() }, 'plain'],
    ['a Set in a list', { list: [new Set()] }, 'list[0]'],
    ['an undeclared Date', { plain: { at: new Date() } }, 'plain.at'],
    ['an invalid Date', { at: new Date(Number.NaN) }, 'at'],
    ['a text where a Date is declared', { at: '2001-01-01' }, 'at'],
    ['an undeclared bigint', { list: [1n] }, 'list[0]'],
    ['an undeclared class', { plain: Money.of(1n, 'EUR') }, 'plain'],
    ['a plain object where a class is declared', { total: { cents: 1n, currency: 'EUR' } }, 'total'],
    ['one where a list is declared', { lines: 'x' }, 'lines'],
    ['a list where one is declared', { total: [Money.of(1n, 'EUR')] }, 'total'],
    ['a cycle', { plain: cyclic }, 'plain'],
    ['half a surrogate pair', { text: '\ud800' }, 'text'],
    ['a property called __proto__', { plain: JSON.parse('{"__proto__":1}') as object }, 'plain'],
    ['a number where a bigint is declared', { big: 1 }, 'big'],
  ])('is refused for %s, with the path', (_, data, path) => {
    expect(() => encodePayload(placed(data), 'event "order.placed"')).toThrow(
      expect.objectContaining({
        code: 'HC_PAYLOAD',
        message: expect.stringContaining(`event "order.placed", at ${path}`) as string,
      }),
    )
  })

  it.each([
    '',
    '{',
    'null',
    '7',
    '"x"',
    '[]',
    '{"at":"yesterday"}',
    '{"big":"1.5"}',
    '{"lines":{}}',
    '{"total":7}',
  ])('is refused on reading when the log holds %j', text => {
    expect(() => decodePayload(Placed, text, 'event "order.placed"')).toThrow(
      expect.objectContaining({ code: 'HC_PAYLOAD' }),
    )
  })

  const money = fc
    .record({ cents: fc.bigInt(), currency: fc.string({ unit: 'grapheme' }) })
    .map(({ cents, currency }) => Money.of(cents, currency))
  const date = fc.date({ noInvalidDate: true, min: new Date(-1e15), max: new Date(1e15) })
  const json = fc.jsonValue().map(value => JSON.parse(JSON.stringify(value)) as unknown)
  it('comes back equal, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            text: fc.string({ unit: 'grapheme' }),
            count: fc.double({ noNaN: true, noDefaultInfinity: true }).map(n => (Object.is(n, -0) ? 0 : n)),
            at: date,
            big: fc.bigInt(),
            total: money,
            lines: fc.array(money),
            days: fc.array(date),
            list: fc.array(json),
          },
          { requiredKeys: [] },
        ),
        data => {
          const event = placed(data)
          expect(Object.fromEntries(Object.entries(roundTrip(Placed, event)))).toStrictEqual(
            withoutUndefined(event),
          )
        },
      ),
    )
  })
})

function withoutUndefined(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
}
