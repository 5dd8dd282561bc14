import { Event, Field } from '../../src/index.js'

/** A class to be nested, with an accessor and a method. */
export class Money {
  @Field(BigInt) cents!: bigint
  currency!: string
  get isZero(): boolean {
    return this.cents === 0n
  }
  plus(other: Money): Money {
    return money(this.cents + other.cents, this.currency)
  }
}

/** A class that contains itself. */
export class Category {
  name!: string
  @Field(() => Category) parent?: Category
  @Field(() => [Category]) children?: readonly Category[]
}

/** An event with every kind of field. */
export class Placed extends Event('order.placed') {
  text?: string
  count?: number
  flag?: boolean
  nothing?: null
  @Field(Date) at?: Date
  @Field(BigInt) big?: bigint
  @Field(() => Money) total?: Money
  @Field([Money]) lines?: Money[]
  @Field([Date]) days?: Date[]
  @Field([BigInt]) bigs?: bigint[]
  @Field(() => [Money]) later?: Money[]
  @Field(() => Category) category?: Category
  plain?: object
  list?: readonly unknown[]
}

/** An event that inherits fields, and declares one of them anew. */
export class Special extends Placed {
  @Field(Date) until?: Date
}

export function money(cents: bigint, currency: string): Money {
  return Object.assign(new Money(), { cents, currency })
}

/** Not by `of`, so that tests can give it what the types forbid. */
export function placed(data: object): Placed {
  return Object.assign(new Placed(), data)
}
