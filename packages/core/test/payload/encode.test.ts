import { describe, expect, it } from 'vitest'
import { encodePayload } from '../../src/payload/encode.js'
import { money, placed, Category, Money } from './order.js'

const written = (payload: object): unknown => JSON.parse(encodePayload(payload, 'event "order.placed"'))
const refusal = (payload: object): unknown => {
  try {
    return encodePayload(payload, 'event "order.placed"')
  } catch (error) {
    return error
  }
}

describe('writing a payload', () => {
  it('gives plain JSON', () => {
    const text = encodePayload(
      placed({ at: new Date(0), big: -7n, lines: [money(5n, 'EUR')], bigs: [1n] }),
      'test',
    )
    expect(text).toBe(
      '{"at":"1970-01-01T00:00:00.000Z","big":"-7","lines":[{"cents":"5","currency":"EUR"}],"bigs":["1"]}',
    )
  })

  it('writes every text and every number as JSON.stringify does', () => {
    const plain = {
      'a "name"\n': 'quote " backslash \\ control \u0001 separator \u2028 pair 😀 é',
      numbers: [0, -1, 1.5, 1e21, 1e-7, Number.MAX_VALUE, Number.MIN_VALUE, 0.1 + 0.2],
      empty: { list: [], object: {}, text: '' },
    }
    expect(encodePayload(plain, 'test')).toBe(JSON.stringify(plain))
  })

  it('leaves undefined properties out, which reads the same, and writes -0 as 0', () => {
    expect(encodePayload({ a: undefined, b: 1, c: undefined, d: -0, e: [-0] }, 'test')).toBe(
      '{"b":1,"d":0,"e":[0]}',
    )
  })

  it('does not call a method named toJSON of a class', () => {
    class Tricky {
      value = 1
      toJSON(): string {
        return 'no'
      }
    }
    expect(encodePayload(new Tricky(), 'test')).toBe('{"value":1}')
  })

  it('reads an accessor once, so that what was checked is what is written', () => {
    let reads = 0
    const shifty = { get value() { return reads++ === 0 ? 1 : Number.NaN } } // prettier-ignore
    expect(encodePayload({ shifty }, 'test')).toBe('{"shifty":{"value":1}}')
  })

  it('accepts objects without a prototype, and one object at two places', () => {
    const shared = { a: 1 }
    const bare = Object.assign(Object.create(null) as object, { b: 2 })
    expect(written({ list: [shared, shared], bare })).toEqual({ list: [{ a: 1 }, { a: 1 }], bare: { b: 2 } })
  })

  it('keeps a text that is long or has a name met ten thousand names later', () => {
    const many = Object.fromEntries(
      Array.from({ length: 11_000 }, (_, i) => [`name ${i} "`, 'x'.repeat(i % 50)]),
    )
    expect(written(many)).toEqual(many)
  })
})

const cyclic: { self?: object; list?: unknown[] } = {}
cyclic.self = cyclic
const ring: unknown[] = []
ring.push({ ring })
const nested = (levels: number): object => {
  let object: object = {}
  for (let i = 1; i < levels; i++) object = { a: object }
  return object
}
class Lines extends Array<number> {}
class Instant extends Date {}
class Euro extends Money {}
class Holder {
  map = new Map([[1, 2]])
}
const withProperty = Object.assign([1, 2], { total: 3 })
const tagged = { toJSON: () => 1 }

describe('a payload that would not come back equal is refused', () => {
  it.each<[string, object, string, RegExp]>([
    ['NaN', { count: Number.NaN }, 'count', /^NaN is no number in JSON; write null, or leave it out$/],
    ['Infinity, deep', { plain: { deep: [1, Number.NEGATIVE_INFINITY] } }, 'plain.deep[1]', /-Infinity/],
    [
      'undefined in a list',
      { list: [1, undefined] },
      'list[1]',
      /undefined in a list would come back as null/,
    ],
    ['a hole in a list', { list: [1, , 2] }, 'list[1]', /a hole in a list/], // eslint-disable-line no-sparse-arrays
    ['a list with more than elements', { list: withProperty }, 'list', /besides its elements/],
    ['a subclass of Array', { list: Lines.of(1) }, 'list', /subclass of Array/],
    ['a function', { plain: { run: function go() {} } }, 'plain.run', /the function go cannot be written/],
    ['an object with toJSON', { plain: tagged }, 'plain.toJSON', /function/],
    ['a symbol', { plain: { s: Symbol('s') } }, 'plain.s', /Symbol\(s\) cannot be written/],
    ['a property named by a symbol', { plain: { [Symbol('s')]: 1 } }, 'plain', /symbol properties/],
    ['a Map', { plain: new Map() }, 'plain', /an instance of Map would come back empty; write a list/],
    ['a Set in a list', { list: [new Set()] }, 'list[0]', /Set/],
    ['a Map in a class', { plain: { h: new Holder() } }, 'plain.h', /Holder/],
    ['a regular expression', { plain: /x/ }, 'plain', /RegExp/],
    ['a typed array', { plain: new Uint8Array(2) }, 'plain', /Uint8Array/],
    ['a boxed text', { plain: Object('x') as object }, 'plain', /String/],
    ['an undeclared Date', { plain: { at: new Date(0) } }, 'plain.at', /the Date 1970.*@Field\(Date\)/],
    ['an undeclared Date in a list', { list: [new Date(0)] }, 'list[0]', /@Field\(\[Date\]\)/],
    [
      'a subclass of Date',
      { at: new Instant(0) },
      'at',
      /instance of Instant is not what @Field says, a Date/,
    ],
    ['an invalid Date', { at: new Date(Number.NaN) }, 'at', /invalid Date/],
    [
      'a text where a Date is declared',
      { at: '2001-01-01' },
      'at',
      /"2001-01-01" is not what @Field says, a Date/,
    ],
    [
      'an undeclared bigint',
      { list: [12n] },
      'list[0]',
      /12n is a bigint; mark the property with @Field\(\[BigInt\]\)/,
    ],
    ['a number where a bigint is declared', { big: 1 }, 'big', /a bigint/],
    ['a bigint where a Date is declared', { at: 1n }, 'at', /1n is not what @Field says, a Date/],
    ['true where a Date is declared', { at: true }, 'at', /true/],
    [
      'an undeclared class',
      { plain: money(1n, 'EUR') },
      'plain',
      /mark the property with @Field\(\(\) => Money\)/,
    ],
    [
      'a plain object where a class is declared',
      { total: { cents: 1n } },
      'total',
      /a plain object is not.*Money itself/,
    ],
    ['another class than declared', { total: new Category() }, 'total', /an instance of Category/],
    ['a subclass of what is declared', { lines: [new Euro()] }, 'lines[0]', /an instance of Euro/],
    ['a text where a list is declared', { lines: 'x' }, 'lines', /a list/],
    ['an object where a list is declared', { lines: money(1n, 'EUR') }, 'lines', /a list/],
    ['a list where an object is declared', { total: [money(1n, 'EUR')] }, 'total', /a list of 1/],
    [
      'an object that contains itself',
      { plain: cyclic },
      'plain.self.self',
      /nested more than 64 deep, or contains itself/,
    ],
    ['a list that contains itself', { list: ring }, 'list[0].ring[0]', /contains itself/],
    ['65 levels', { plain: nested(65) }, 'plain.a', /64 deep/],
    ['half of a surrogate pair', { text: 'a\ud800' }, 'text', /half of a surrogate pair/],
    ['half of one in a name', { plain: { 'a\udc00': 1 } }, 'plain["a\\udc00"]', /rename/],
    [
      'a property called __proto__',
      { plain: JSON.parse('{"__proto__":1}') as object },
      'plain.__proto__',
      /rename/,
    ],
    ['a value in a field with an odd name', { 'odd name': Number.NaN }, '["odd name"]', /NaN/],
  ])('for %s', (_, data, path, reason) => {
    const error = refusal(placed(data))
    expect(error).toMatchObject({
      code: 'HC_PAYLOAD',
      context: { what: 'event "order.placed"', reason: expect.stringMatching(reason) as string },
    })
    expect((error as Error).message).toMatch(/^event "order\.placed", at /)
    expect((error as { context: { path: string } }).context.path.slice(0, path.length)).toBe(path)
  })

  it.each([[[1]], [null], ['text'], [7]])('when it is %j and no object', payload => {
    expect(refusal(payload as object)).toMatchObject({ code: 'HC_PAYLOAD' })
  })

  it('but 64 levels are accepted', () => {
    expect(written({ plain: nested(64) })).toEqual({ plain: nested(64) })
  })

  it('soon, when shared objects would fill more text than there is memory', () => {
    let shared: object = {}
    for (let i = 0; i < 60; i++) shared = { a: shared, b: shared }
    expect(refusal({ shared })).toMatchObject({
      context: { reason: expect.stringMatching(/1,000,000 objects/) as string },
    })
  })

  it('and long values are cut in the message', () => {
    const error = refusal(placed({ at: 'x'.repeat(1000), big: 10n ** 500n })) as Error
    expect(error.message.length).toBeLessThan(200)
  })
})
