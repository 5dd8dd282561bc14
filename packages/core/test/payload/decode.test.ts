import { describe, expect, it } from 'vitest'
import { decodePayload, revivePayload } from '../../src/payload/decode.js'
import { Category, money, Money, Placed } from './order.js'

describe('reading a payload', () => {
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
    expect(back).toEqual({ known: 2, later: { x: [1] } })
    expect(constructed).toBe(0)
  })

  it('cannot change a prototype, nor trip over names that the class has', () => {
    const text = '{"__proto__":{"evil":true},"isZero":1,"constructor":2,"toString":3,"plus":4}'
    const back = decodePayload(Money, text, 'test')
    expect(Object.getPrototypeOf(back)).toBe(Money.prototype)
    expect((back as unknown as { evil?: boolean }).evil).toBeUndefined()
    expect(Object.entries(back)).toEqual([
      ['__proto__', { evil: true }],
      ['isZero', 1],
      ['constructor', 2],
      ['toString', 3],
      ['plus', 4],
    ])
  })

  it('cannot change a prototype in a nested object either', () => {
    const back = decodePayload(
      Placed,
      '{"total":{"__proto__":{"evil":1},"cents":"1"},"plain":{"__proto__":2}}',
      'test',
    )
    expect(Object.getPrototypeOf(back.total)).toBe(Money.prototype)
    expect(Object.getPrototypeOf(back.plain)).toBe(Object.prototype)
    expect(({} as { evil?: number }).evil).toBeUndefined()
  })

  it('keeps null where a field is declared, also in a list', () => {
    const back = decodePayload(Placed, '{"at":null,"total":null,"lines":[null,{"cents":"1"}]}', 'test')
    expect(back).toEqual({
      at: null,
      total: null,
      lines: [null, Object.assign(new Money(), { cents: 1n })],
    })
  })

  it('rebuilds a class that contains itself', () => {
    const text = '{"category":{"name":"a","parent":{"name":"b"},"children":[{"name":"c","children":[]}]}}'
    const { category } = decodePayload(Placed, text, 'test')
    expect(category!.parent).toBeInstanceOf(Category)
    expect(category!.children![0]!.children).toEqual([])
    expect(category!.children![0]).toBeInstanceOf(Category)
  })

  it.each([
    ['2001-01-31', Date.UTC(2001, 0, 31)],
    ['2001-01-31T12:00Z', Date.UTC(2001, 0, 31, 12)],
    ['2001-01-31T12:00:00.5+01:00', Date.UTC(2001, 0, 31, 11, 0, 0, 500)],
    ['-000044-03-15T00:00:00.000Z', Date.UTC(-44, 2, 15)],
  ])('reads the date %s, which means the same everywhere', (text, time) => {
    expect(decodePayload(Placed, JSON.stringify({ at: text }), 'test').at).toEqual(new Date(time))
  })

  it.each<[string, string, RegExp]>([
    ['', '', /no JSON/],
    ['{"a":', '', /no JSON: "\{\\"a\\":"/],
    ['null', '', /no object: null/],
    ['7', '', /no object: 7/],
    ['"x"', '', /no object: "x"/],
    ['[]', '', /no object: a list of 0/],
    ['{"at":"yesterday"}', 'at', /"yesterday" is no date/],
    ['{"at":"2001-02-30T99:00Z"}', 'at', /no date/],
    ['{"at":"2001-01-31T12:00"}', 'at', /no date with a zone/],
    ['{"at":"1 March 2001"}', 'at', /no date/],
    ['{"at":5}', 'at', /5 is no date/],
    ['{"big":"1.5"}', 'big', /"1.5" is no whole number/],
    ['{"big":7}', 'big', /7 is no whole number in a text/],
    ['{"big":""}', 'big', /no whole number/],
    ['{"lines":{}}', 'lines', /a plain object is no list/],
    ['{"lines":[{"cents":"1"},{"cents":"x"}]}', 'lines[1].cents', /no whole number/],
    ['{"total":7}', 'total', /7 is no object, but @Field says Money/],
    ['{"total":[]}', 'total', /no object/],
  ])('refuses %s', (text, path, reason) => {
    expect(() => decodePayload(Placed, text, 'event "order.placed"')).toThrow(
      expect.objectContaining({
        code: 'HC_PAYLOAD',
        context: { what: 'event "order.placed"', path, reason: expect.stringMatching(reason) as string },
      }),
    )
  })

  it('refuses what is nested deeper than any payload is written', () => {
    const text = `{"category":${'{"parent":'.repeat(20_000)}{}${'}'.repeat(20_000)}}`
    expect(() => decodePayload(Placed, text, 'test')).toThrow(
      expect.objectContaining({ code: 'HC_PAYLOAD', message: expect.stringContaining('64 deep') as string }),
    )
  })
})

describe('reviving plain data', () => {
  it('does not change the data, which may be frozen and shared', () => {
    const plain = Object.freeze({
      total: Object.freeze({ cents: '5', currency: 'EUR' }),
      list: Object.freeze([1]),
    })
    const back = revivePayload(Placed, plain, 'test')
    expect(back).toEqual({ total: money(5n, 'EUR'), list: [1] })
    expect(plain.total).toEqual({ cents: '5', currency: 'EUR' })
  })

  it('keeps values that are rebuilt already', () => {
    const total = money(5n, 'EUR')
    const at = new Date(0)
    const back = revivePayload(
      Placed,
      { total, at, big: 1n, lines: [total, { cents: '1', currency: 'EUR' }] },
      'test',
    )
    expect(back.total).toBe(total)
    expect(back.at).toBe(at)
    expect(back.lines).toEqual([total, money(1n, 'EUR')])
  })
})
