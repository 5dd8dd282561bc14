import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  Event,
  EventCatalog,
  Field,
  Ignored,
  upcast,
  type RecordedEvent,
  type Upcaster,
} from '../../src/index.js'

class Deposited extends Event('account.deposited', { version: 3, formerly: ['account.paid_in'] }) {
  cents!: number
  currency!: string
}
class Opened extends Event('account.opened', { version: 2 }) {
  owner!: string
  @Field(Date) at!: Date
}
class Placed extends Event('order.placed') {
  item!: string
}
class Paid extends Event('order.paid') {
  cents!: number
}

const deposited = upcast(Deposited)
  .from<{ amount: number }>(1)
  .up(old => ({ cents: old.amount * 100 }))
  .up(old => ({ ...old, currency: 'EUR' }))
  .done()
const opened = upcast(Opened)
  .from<{ first: string; last: string; at: string }>(1)
  .up(old => ({ owner: `${old.first} ${old.last}`, at: new Date(old.at) }))
  .done()
const split = upcast('order.placed_and_paid')
  .from<{ what: string }>(1)
  .up(old => ({ item: old.what, cents: 5 }))
  .split(old => [Placed.of({ item: old.item }), Paid.of({ cents: old.cents })])
const dropped = upcast('order.noise').from<object>(1).drop()
const all: readonly Upcaster[] = [deposited, opened, split, dropped]

const record = (type: string, schemaVersion: number, data: object | string): RecordedEvent => ({
  id: 'e-1',
  type,
  schemaVersion,
  stream: 'account-acc-1',
  version: 4,
  partition: 2,
  offset: 17n,
  time: 86_400_000,
  data: typeof data === 'string' ? data : JSON.stringify(data),
  commandId: 'c-1',
  metadata: { actor: 'ada' },
})
const catalog = new EventCatalog([Deposited, Opened, Placed, Paid], all)
const read = (type: string, version: number, data: object | string) =>
  catalog.decode(record(type, version, data), 'log')

describe('an event catalog', () => {
  it('finds nothing wrong with what is right', () => {
    expect(catalog.problems).toEqual([])
  })

  it('writes events and reads them back as their classes', () => {
    const event = Deposited.of({ cents: 5, currency: 'EUR' })
    const encoded = catalog.encode(event)
    expect(encoded).toEqual({
      type: 'account.deposited',
      schemaVersion: 3,
      data: '{"cents":5,"currency":"EUR"}',
    })
    const [decoded] = read(encoded.type, 3, encoded.data)
    expect(decoded!.event).toEqual(event)
    expect(decoded!.event).toBeInstanceOf(Deposited)
    expect(decoded!.meta).toMatchObject({
      id: 'e-1',
      type: 'account.deposited',
      stream: 'account-acc-1',
      category: 'account',
      key: 'acc-1',
      version: 4,
      part: 0,
      time: new Date(86_400_000),
      position: 'log/2:17',
      commandId: 'c-1',
      correlationId: 'c-1',
      actor: 'ada',
    })
    expect(JSON.parse(JSON.stringify(decoded!.meta))).toMatchObject({ position: 'log/2:17', actor: 'ada' })
  })

  it.each([
    ['account.deposited', 1, { amount: 7 }, 700],
    ['account.deposited', 2, { cents: 7 }, 7],
    ['account.paid_in', 1, { amount: 7 }, 700],
    ['account.paid_in', 3, { cents: 7, currency: 'EUR' }, 7],
  ])('reads %s in version %d as today’s event', (type, version, data, cents) => {
    const [decoded] = read(type, version, data)
    expect(decoded!.event).toEqual(Deposited.of({ cents, currency: 'EUR' }))
    expect(decoded!.event).toBeInstanceOf(Deposited)
    expect(decoded!.meta.type).toBe('account.deposited')
  })

  it('merges fields, and rebuilds dates that a step made or left as text', () => {
    const [decoded] = read('account.opened', 1, { first: 'Ada', last: 'L', at: '2001-01-01T00:00:00Z' })
    expect(decoded!.event).toEqual(Opened.of({ owner: 'Ada L', at: new Date('2001-01-01T00:00:00Z') }))
  })

  it('splits an event into parts that share version and position', () => {
    const parts = read('order.placed_and_paid', 1, { what: 'pen' })
    expect(parts.map(part => part.event)).toEqual([Placed.of({ item: 'pen' }), Paid.of({ cents: 5 })])
    expect(parts.map(({ meta }) => [meta.type, meta.part, meta.version, meta.position])).toEqual([
      ['order.placed', 0, 4, 'log/2:17'],
      ['order.paid', 1, 4, 'log/2:17'],
    ])
  })

  it('gives a marker for a dropped event, never a hole', () => {
    const [decoded, ...more] = read('order.noise', 1, { any: 'thing' })
    expect(decoded!.event).toEqual(new Ignored('order.noise', 1))
    expect(more).toEqual([])
  })

  it('knows which recorded names may be read as a class', () => {
    expect(catalog.typesReadAs([Deposited])).toEqual(
      new Set(['account.deposited', 'account.paid_in', 'order.placed_and_paid']),
    )
  })

  it('names both versions of an event that is newer than the code', () => {
    expect(() => read('account.deposited', 4, {})).toThrow(
      expect.objectContaining({
        code: 'HC_EVENT_NEWER_THAN_CODE',
        message: expect.stringMatching(/version 4.*up to version 3.*2:17/) as string,
        context: expect.objectContaining({ schemaVersion: 4, codeVersion: 3, offset: '17' }) as object,
      }),
    )
  })

  it('names the nearest name of an unknown one', () => {
    expect(() => read('account.deposted', 1, {})).toThrow(
      expect.objectContaining({
        code: 'HC_EVENT_TYPE_UNKNOWN',
        message: expect.stringContaining('"account.deposited"') as string,
      }),
    )
  })

  it.each([
    ['throws', { amount: null }],
    ['gives no object', { amount: 1 }],
  ])('says where an upcaster step %s', (_, data) => {
    class Fragile extends Event('a.fragile', { version: 2 }) {}
    const fragile = new EventCatalog(
      [Fragile],
      [
        upcast(Fragile)
          .from<{ amount: number | null }>(1)
          .up(old => (old.amount === null ? JSON.parse('{') : 7) as object)
          .done(),
      ],
    )
    expect(() => fragile.decode(record('a.fragile', 1, data), 'log')).toThrow(
      expect.objectContaining({
        code: 'HC_UPCAST_FAILED',
        context: expect.objectContaining({ fromVersion: 1, partition: 2 }) as object,
      }),
    )
  })

  it('refuses to write an event that is not registered', () => {
    class Other extends Event('other.seen') {}
    expect(() => catalog.encode(Other.of())).toThrow(expect.objectContaining({ code: 'HC_EVENT_UNKNOWN' }))
  })
})

describe('what is wrong with upcasters is found at start', () => {
  class A extends Event('e.a', { version: 3 }) {}
  class B extends Event('e.b', { formerly: ['e.c'] }) {}
  class C extends Event('e.c', { formerly: ['e.b'] }) {}
  class D extends Event('e.d', { formerly: ['e.x'] }) {}
  class E extends Event('e.e', { formerly: ['e.x', 'e.e'] }) {}
  class Twin extends Event('e.d') {}
  const step = (old: object): object => old
  it.each<[string, new () => object, readonly Upcaster[], RegExp]>([
    ['a gap', A, [upcast(A).from<object>(2).up(step).done()], /"e\.a": nothing reads version 1/],
    ['no chain at all', A, [], /nothing reads version 2/],
    [
      'a step twice',
      A,
      [upcast(A).from<object>(1).up(step).up(step).done(), upcast(A).from<object>(2).up(step).done()],
      /two upcasters take version 2/,
    ],
    [
      'a chain that ends early',
      A,
      [upcast(A).from<object>(1).up(step).done()],
      /ends at version 2, but A declares version 3/,
    ],
    [
      'a chain that ends late',
      A,
      [upcast(A).from<object>(1).up(step).up(step).up(step).done()],
      /ends at version 4.*raise the version/,
    ],
    [
      'a split of the current version',
      A,
      [
        upcast(A)
          .from<object>(3)
          .split(() => []),
      ],
      /version 3 is split/,
    ],
    ['a start that is no version', A, [upcast(A).from<object>(0).up(step).done()], /starts from version 0/],
    [
      'a retired name that has a class',
      A,
      [upcast('e.a').from<object>(1).drop()],
      /upcast\("e\.a"\).*write upcast\(A\)/,
    ],
    [
      'an upcaster of an unknown class',
      A,
      [upcast(B).from<object>(1).drop()],
      /no registered aggregate or source/,
    ],
    [
      'a retired name with a gap',
      A,
      [upcast('e.old').from<object>(2).drop()],
      /"e\.old": nothing reads version 1/,
    ],
  ])('%s', (_, type, upcasters, problem) => {
    expect(new EventCatalog([type as never], upcasters).problems).toContainEqual(
      expect.stringMatching(problem),
    )
  })
  it.each<[string, readonly unknown[], RegExp]>([
    ['a cycle of renames', [B, C], /cycle of renames/],
    ['two that were formerly one', [D, E], /both were formerly "e\.x"/],
    ['one that names itself', [E], /names itself/],
    ['two classes of one name', [D, Twin], /belongs to two classes, D and Twin/],
    ['a class that is no event', [Date], /does not extend Event/],
  ])('%s', (_, types, problem) => {
    expect(new EventCatalog(types as never).problems).toContainEqual(expect.stringMatching(problem))
  })
})

describe('upcasting', () => {
  it('is total over all versions, and the same as one step after the other', () => {
    const steps = fc.array(
      fc.record({ add: fc.integer({ min: -9, max: 9 }), times: fc.integer({ min: 1, max: 3 }) }),
      {
        minLength: 1,
        maxLength: 8,
      },
    )
    fc.assert(
      fc.property(steps, fc.integer({ min: -100, max: 100 }), (changes, start) => {
        class Grown extends Event('a.grown', { version: changes.length + 1 }) {
          n!: number
        }
        const functions = changes.map(({ add, times }) => (old: { n: number }) => ({
          n: (old.n + add) * times,
        }))
        let chain: { up(f: unknown): typeof chain; done(): Upcaster } = upcast(Grown).from(1) as never
        for (const f of functions) chain = chain.up(f)
        const grown = new EventCatalog([Grown], [chain.done()])
        expect(grown.problems).toEqual([])
        for (let version = 1; version <= changes.length + 1; version++) {
          const expected = functions.slice(version - 1).reduce((data, f) => f(data), { n: start })
          const [decoded] = grown.decode(record('a.grown', version, { n: start }), 'log')
          expect({ ...decoded!.event }).toEqual(expected)
          expect(decoded!.event).toBeInstanceOf(Grown)
        }
      }),
    )
  })
})
