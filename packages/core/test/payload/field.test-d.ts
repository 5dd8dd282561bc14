import { expectTypeOf, it } from 'vitest'
import { Event, Field } from '../../src/index.js'

class Money {
  cents!: number
  isZero(): boolean {
    return this.cents === 0
  }
}
class Other {
  name!: string
}

it('accepts properties of the type that is rebuilt', () => {
  class Right extends Event('a.right') {
    @Field(Date) date!: Date
    @Field(Date) readonly maybe?: Date | null
    @Field(BigInt) big!: bigint
    @Field(Money) money!: Money
    @Field(() => Money) later?: Money
    @Field([Money]) list!: Money[]
    @Field([Money]) fixed!: readonly Money[]
    @Field(() => [Money]) laterList?: Money[]
    @Field([Date]) dates!: Date[]
    @Field([BigInt]) bigs!: bigint[]
  }
  expectTypeOf<Right['date']>().toEqualTypeOf<Date>()
})

it('refuses properties of another type', () => {
  class Wrong extends Event('a.wrong') {
    // @ts-expect-error a text is no Date
    @Field(Date) text!: string
    // @ts-expect-error a value that may be a text is no Date
    @Field(Date) either!: Date | string
    // @ts-expect-error a number is no bigint
    @Field(BigInt) number!: number
    // @ts-expect-error another class
    @Field(Money) other!: Other
    // @ts-expect-error another class, given later
    @Field(() => Money) otherLater!: Other
    // @ts-expect-error a list where one is declared
    @Field(Money) many!: Money[]
    // @ts-expect-error one where a list is declared
    @Field([Money]) one!: Money
    // @ts-expect-error a list of another class
    @Field([Money]) others!: Other[]
    // @ts-expect-error one where a list is declared, given later
    @Field(() => [Date]) oneDate!: Date
    // @ts-expect-error texts need no declaration
    @Field(String) name!: string
    // @ts-expect-error numbers need no declaration
    @Field(Number) count!: number
    // @ts-expect-error a Map cannot be rebuilt
    @Field(Map) map!: Map<string, string>
    // @ts-expect-error a list has one class
    @Field([Money, Money]) pair!: Money[]
  }
  expectTypeOf<Wrong['text']>().toEqualTypeOf<string>()
})
