import { describe, expect, it } from 'vitest'
import { Event, EventCatalog, Field, Ignored, upcast } from '../../src/index.js'
import { recorded } from '../catalog/recorded.js'

class Money {
  @Field(BigInt) cents!: bigint
  currency!: string
}
class Deposited extends Event('account.deposited', {
  version: 3,
  formerly: ['account.paid_in', 'account.credited'],
}) {
  cents!: number
  currency!: string
}
class Opened extends Event('account.opened', { version: 2 }) {
  owner!: string
  @Field(Date) at!: Date
  @Field(() => Money) limit?: Money
}
class Placed extends Event('order.placed') {
  item!: string
}
class Paid extends Event('order.paid') {
  cents!: number
}
class Noted extends Event('order.noted', { version: 5 }) {
  text!: string
}

const catalog = new EventCatalog(
  [Deposited, Opened, Placed, Paid, Noted],
  [
    upcast(Deposited)
      .from<{ amount: number }>(1)
      .up(old => ({ cents: old.amount * 100 }))
      .up(old => ({ ...old, currency: 'EUR' }))
      .done(),
    upcast(Opened)
      .from<{ first: string; last: string; at: string; limit?: { cents: string; currency: string } }>(1)
      .up(({ first, last, ...rest }) => ({ ...rest, owner: `${first} ${last}` }))
      .done(),
    upcast('order.placed_and_paid')
      .from<{ what: string }>(1)
      .up(old => ({ item: old.what, cents: 5 }))
      .split(old => [Placed.of({ item: old.item }), Paid.of({ cents: old.cents })]),
    upcast('order.noise').from<object>(1).drop(),
    upcast(Noted).from<object>(1).drop(),
    upcast(Noted)
      .from<{ item: string }>(2)
      .split(old => [Placed.of(old)]),
    upcast(Noted)
      .from<{ words: string[] }>(3)
      .up(old => ({ words: old.words.join(' ') }))
      .up(old => ({ text: old.words }))
      .done(),
  ],
)
const read = (type: string, version: number, data: object) =>
  catalog.decode(recorded(type, version, data), 'log')

describe('an old event', () => {
  it('is read as today’s, whichever version and name it was recorded under', () => {
    expect(catalog.problems).toEqual([])
    for (const name of ['account.deposited', 'account.paid_in', 'account.credited']) {
      const versions = [{ amount: 7 }, { cents: 700 }, { cents: 700, currency: 'EUR' }]
      versions.forEach((data, i) => {
        const [decoded, ...more] = read(name, i + 1, data)
        expect(decoded!.event).toBeInstanceOf(Deposited)
        expect(decoded!.event).toEqual(Deposited.of({ cents: 700, currency: 'EUR' }))
        expect(decoded!.meta.type).toBe('account.deposited')
        expect(more).toEqual([])
      })
    }
  })

  it('may have fields merged; its dates and nested classes are rebuilt after the last step', () => {
    const [decoded] = read('account.opened', 1, {
      first: 'Ada',
      last: 'Lovelace',
      at: '2001-01-01T00:00:00.000Z',
      limit: { cents: '5', currency: 'EUR' },
    })
    const limit = Object.assign(new Money(), { cents: 5n, currency: 'EUR' })
    expect(decoded!.event).toEqual(
      Opened.of({ owner: 'Ada Lovelace', at: new Date('2001-01-01T00:00:00Z'), limit }),
    )
    expect((decoded!.event as Opened).limit).toBeInstanceOf(Money)
  })

  it('keeps the fields that no step speaks of', () => {
    expect(read('account.deposited', 2, { cents: 1, extra: [1] })[0]!.event).toMatchObject({ extra: [1] })
  })

  it('may be split into parts that share version and position', () => {
    const parts = read('order.placed_and_paid', 1, { what: 'pen' })
    expect(parts.map(part => part.event)).toEqual([Placed.of({ item: 'pen' }), Paid.of({ cents: 5 })])
    expect(parts.map(({ event }) => event.constructor)).toEqual([Placed, Paid])
    expect(parts.map(({ meta }) => [meta.type, meta.part, meta.version, meta.position])).toEqual([
      ['order.placed', 0, 4, 'log/2:17'],
      ['order.paid', 1, 4, 'log/2:17'],
    ])
  })

  it('may be dropped: readers get a marker, never a hole', () => {
    const [decoded, ...more] = read('order.noise', 1, { any: 'thing' })
    expect(decoded!.event).toEqual(new Ignored('order.noise', 1))
    expect(decoded!.event).toBeInstanceOf(Ignored)
    expect(decoded!.meta).toMatchObject({ type: 'order.noise', version: 4, part: 0 })
    expect(more).toEqual([])
  })

  it('may be dropped in one version, split in another and climb from a third', () => {
    expect(read('order.noted', 1, {})[0]!.event).toEqual(new Ignored('order.noted', 1))
    expect(read('order.noted', 2, { item: 'pen' })[0]!.event).toEqual(Placed.of({ item: 'pen' }))
    for (const [version, data] of [
      [3, { words: ['a', 'b'] }],
      [4, { words: 'a b' }],
      [5, { text: 'a b' }],
    ] as const)
      expect(read('order.noted', version, data)[0]!.event).toMatchObject({ text: 'a b' })
  })

  it('that is dropped need not even be readable', () => {
    expect(catalog.decode(recorded('order.noise', 1, '{damaged'), 'log')[0]!.event).toBeInstanceOf(Ignored)
  })

  it('is upcast once, and an event of today not at all', () => {
    let steps = 0
    class Counted extends Event('a.counted', { version: 3 }) {}
    const step = (old: object): object => {
      steps++
      return old
    }
    const counted = new EventCatalog([Counted], [upcast(Counted).from<object>(1).up(step).up(step).done()])
    const stepsFor = (version: number): number => {
      steps = 0
      counted.decode(recorded('a.counted', version, {}), 'log')
      return steps
    }
    expect([1, 2, 3].map(stepsFor)).toEqual([2, 1, 0])
  })

  it('may share what its step returns, which stays as it is', () => {
    class Moved extends Event('a.moved', { version: 2 }) {
      @Field(() => Money) limit!: Money
    }
    const standard = Object.freeze({ limit: Object.freeze({ cents: '1', currency: 'EUR' }) })
    const moved = new EventCatalog(
      [Moved],
      [
        upcast(Moved)
          .from<object>(1)
          .up(() => standard)
          .done(),
      ],
    )
    for (let i = 0; i < 2; i++)
      expect(moved.decode(recorded('a.moved', 1, {}), 'log')[0]!.event).toEqual(
        Moved.of({ limit: Object.assign(new Money(), { cents: 1n, currency: 'EUR' }) }),
      )
    expect(standard.limit.cents).toBe('1')
  })
})

describe('a step that fails', () => {
  class Fragile extends Event('a.fragile', { version: 3 }) {}
  const fail = (): never => {
    throw new RangeError('no amount')
  }
  const failing = (step: (old: object) => unknown): EventCatalog =>
    new EventCatalog(
      [Fragile],
      [
        upcast(Fragile)
          .from<object>(1)
          .up(old => old)
          .up(step as () => object)
          .done(),
      ],
    )
  const splitting = (into: () => unknown): EventCatalog =>
    new EventCatalog(
      [],
      [
        upcast('a.fragile')
          .from<object>(1)
          .up(old => old)
          .split(into as () => []),
      ],
    )

  it.each<[string, EventCatalog, RegExp]>([
    ['throws', failing(fail), /no amount/],
    ['returns nothing', failing(() => undefined), /did not return an object/],
    ['returns a number', failing(() => 7), /did not return an object/],
    ['returns a list', failing(() => []), /did not return an object/],
    ['returns a promise', failing(async () => ({})), /promise; steps are synchronous/],
    ['throws while splitting', splitting(fail), /no amount/],
    ['splits into nothing', splitting(() => []), /drop\(\) is for none/],
    ['splits into no events', splitting(() => [{ cents: 1 }]), /did not return a list of events/],
    ['splits into null', splitting(() => [null]), /did not return a list of events/],
    ['splits into no list', splitting(() => Paid.of({ cents: 1 })), /did not return a list of events/],
    ['is no function', failing(7 as never), /not a function/],
  ])('because it %s is named with its version, the type and the position', (_, fragile, reason) => {
    expect(() => fragile.decode(recorded('a.fragile', 1, {}), 'log')).toThrow(
      expect.objectContaining({
        code: 'HC_UPCAST_FAILED',
        message: expect.stringMatching(reason) as string,
        context: {
          type: 'a.fragile',
          schemaVersion: 1,
          fromVersion: 2,
          stream: 'account-acc-1',
          version: 4,
          partition: 2,
          offset: '17',
        },
      }),
    )
  })

  it('has what was thrown as its cause', () => {
    expect(() => failing(fail).decode(recorded('a.fragile', 1, {}), 'log')).toThrow(
      expect.objectContaining({ cause: new RangeError('no amount') }),
    )
  })

  it('leaves the catalog usable', () => {
    expect(failing(fail).decode(recorded('a.fragile', 3, {}), 'log')[0]!.event).toBeInstanceOf(Fragile)
  })
})
