import { expectTypeOf, it } from 'vitest'
import { Event, Field, upcast, type Upcaster } from '../../src/index.js'

class Money {
  @Field(BigInt) cents!: bigint
  currency!: string
  isZero(): boolean {
    return this.cents === 0n
  }
}
class Deposited extends Event('account.deposited', { version: 3 }) {
  cents!: number
  currency!: string
  note?: string
}
class Opened extends Event('account.opened', { version: 2 }) {
  owner!: string
  @Field(Date) at!: Date
  @Field(() => Money) limit!: Money
  @Field([Money]) fees?: readonly Money[]
}
class Paid extends Event('order.paid') {
  cents!: number
}

it('infers what each step gets, and gives an upcaster of the event', () => {
  const history = upcast(Deposited)
    .from<{ amount: number }>(1)
    .up(old => {
      expectTypeOf(old).toEqualTypeOf<{ amount: number }>()
      return { cents: old.amount * 100 }
    })
    .up(old => {
      expectTypeOf(old).toEqualTypeOf<{ cents: number }>()
      return { ...old, currency: 'EUR' }
    })
    .done()
  expectTypeOf(history).toEqualTypeOf<Upcaster<Deposited>>()
  expectTypeOf(history).toExtend<Upcaster>()
})

it('accepts the plain JSON of dates, bigints and nested classes at the end, as @Field rebuilds them', () => {
  interface V1 {
    first: string
    at: string
    limit: { cents: string; currency: string }
    fees?: { cents: string; currency: string }[]
  }
  const plain = upcast(Opened)
    .from<V1>(1)
    .up(({ first, ...rest }) => ({ ...rest, owner: first }))
    .done()
  const rebuilt = upcast(Opened)
    .from<V1>(1)
    .up(old => ({ owner: old.first, at: new Date(old.at), limit: new Money() }))
    .done()
  expectTypeOf(plain).toEqualTypeOf(rebuilt)
})

it('may give more than today’s fields, and leave optional ones out', () => {
  upcast(Deposited)
    .from<{ cents: number; currency: string; old: boolean }>(2)
    .up(old => old)
    .done()
})

it('refuses a chain that does not end at today’s fields, with a type that says so', () => {
  const missing = upcast(Deposited)
    .from<{ amount: number }>(1)
    .up(old => ({ cents: old.amount }))
  expectTypeOf(missing.done).toEqualTypeOf<{
    readonly 'the last step does not produce the current fields': { cents: number }
  }>()
  // @ts-expect-error the currency is missing
  missing.done()

  const otherType = upcast(Deposited)
    .from<object>(1)
    .up(() => ({ cents: '1', currency: 'EUR' }))
  // @ts-expect-error a text is no number
  otherType.done()

  const optional = upcast(Deposited)
    .from<{ cents: number; currency?: string }>(1)
    .up(old => old)
  // @ts-expect-error the currency may be missing
  optional.done()

  const noDate = upcast(Opened)
    .from<object>(1)
    .up(() => ({ owner: 'Ada', at: 5, limit: { cents: '1', currency: 'EUR' } }))
  // @ts-expect-error a number is neither a Date nor its text
  noDate.done()

  const halfMoney = upcast(Opened)
    .from<object>(1)
    .up(() => ({ owner: 'Ada', at: '2001-01-01', limit: { cents: '1' } }))
  // @ts-expect-error the nested currency is missing
  halfMoney.done()
})

it('refuses steps that return no data', () => {
  // @ts-expect-error a step gives an object
  upcast(Deposited).from<object>(1).up(() => 7) // prettier-ignore
  // @ts-expect-error a step gives something
  upcast(Deposited).from<object>(1).up(() => undefined) // prettier-ignore
  const late = upcast(Deposited)
    .from<object>(1)
    .up(async () => ({ cents: 1, currency: 'EUR' }))
  // @ts-expect-error a promise has none of the fields
  late.done()
  // @ts-expect-error the old version has no such field
  upcast(Deposited).from<{ amount: number }>(1).up(old => ({ cents: old.cents })) // prettier-ignore
})

it('splits into events, or drops', () => {
  const split = upcast(Deposited)
    .from<{ cents: number }>(1)
    .split(old => [Paid.of({ cents: old.cents })])
  expectTypeOf(split).toEqualTypeOf<Upcaster<Deposited>>()
  expectTypeOf(upcast(Deposited).from<object>(1).drop()).toEqualTypeOf<Upcaster<Deposited>>()
  // @ts-expect-error plain data is no event
  upcast(Deposited).from<object>(1).split(() => [{ cents: 1 }]) // prettier-ignore
})

it('knows that an event without a class must be split or dropped', () => {
  const retired = upcast('order.gone').from<{ what: string }>(1)
  expectTypeOf(retired.drop()).toEqualTypeOf<Upcaster>()
  retired.up(old => ({ item: old.what })).split(old => [Paid.of({ cents: old.item.length })])
  // @ts-expect-error there is no class to end at
  retired.done()
})

it('takes events and names only', () => {
  // @ts-expect-error no event
  upcast(Money)
  // @ts-expect-error no event
  upcast(7)
})
