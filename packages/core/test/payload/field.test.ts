import { describe, expect, it } from 'vitest'
import { Field } from '../../src/index.js'
import { decodePayload } from '../../src/payload/decode.js'
import { fieldsOf } from '../../src/payload/field.js'
import { Placed, Special } from './order.js'

const declare = (type: unknown) => (): void => {
  class Order {
    total: unknown
  }
  Field(type as DateConstructor)(Order.prototype, 'total' as never)
}

describe('@Field', () => {
  it('is inherited, and may be declared anew', () => {
    class Parent {
      @Field(Date) at?: Date
      @Field(Date) changed?: Date
    }
    class Child extends Parent {
      @Field(Date) also?: Date
    }
    Field([Date])(Child.prototype as object, 'changed' as never)
    expect([...fieldsOf(Child).keys()]).toEqual(['at', 'changed', 'also'])
    expect(fieldsOf(Child).get('changed')!.kind).toBe('list')
    expect(fieldsOf(Parent).get('changed')!.kind).toBe('date')
    expect([...fieldsOf(Special).keys()].at(-1)).toBe('until')
  })

  it('defines nothing on the class', () => {
    expect(Object.getOwnPropertyNames(Placed.prototype)).toEqual(['constructor'])
    expect(Object.keys(new Special()).filter(key => key === 'until').length).toBeLessThan(2)
  })

  it('asks a function only when a payload is read, so that classes may refer to later ones', () => {
    class Early {
      @Field(() => Late) late?: object
      @Field(() => [Late]) all?: object[]
    }
    class Late {
      name?: string
    }
    const back = decodePayload(Early, '{"late":{},"all":[{}]}', 'test')
    expect(back.late).toBeInstanceOf(Late)
    expect(back.all![0]).toBeInstanceOf(Late)
  })

  it.each<[string, unknown, RegExp]>([
    [
      'undefined, as a circular import gives it',
      undefined,
      /Order\.total.*import each other.*@Field\(\(\) => Class\)/,
    ],
    ['a list of undefined', [undefined], /import each other/],
    ['an empty list', [], /with one class/],
    ['two classes', [Date, BigInt], /with one class/],
    ['a text', 'Money', /its type is Money/],
    ['String', String, /String needs no declaration/],
    ['Number', Number, /needs no declaration/],
    ['Object', Object, /needs no declaration/],
    ['Array', Array, /Array does not keep its content in properties/],
    ['Map', Map, /Map does not keep/],
    ['a subclass of Set', class Tags extends Set {}, /Tags does not keep/],
    ['a subclass of Date', class Instant extends Date {}, /Instant/],
    ['Uint8Array', Uint8Array, /Uint8Array/],
    ['Error', Error, /Error/],
  ])('refuses %s', (_, type, reason) => {
    expect(declare(type)).toThrow(
      expect.objectContaining({
        code: 'HC_FIELD_DEFINITION',
        message: expect.stringMatching(reason) as string,
      }),
    )
  })

  it('refuses what a function gives when it is first needed', () => {
    class Order {
      total: unknown
    }
    Field((() => undefined) as never)(Order.prototype, 'total' as never)
    expect(() => decodePayload(Order, '{"total":{}}', 'test')).toThrow(
      expect.objectContaining({ code: 'HC_FIELD_DEFINITION' }),
    )
  })
})
