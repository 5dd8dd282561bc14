import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  Column,
  Key,
  Projection,
  RowProjection,
  Update,
  Upsert,
  type DecodedEvent,
  type Newable,
  type Row,
} from '../../../src/index.js'
import { changesOf, foldInto, type RowChanges } from '../../../src/projection/fold/fold-batch.js'
import { planFolds } from '../../../src/projection/fold/fold-plan.js'
import { rowCodec } from '../../../src/projection/row/row-codec.js'
import {
  Balances,
  BalanceRow,
  Closed,
  Deposited,
  happened,
  Opened,
  rowsOf,
  Totals,
  Unrelated,
} from '../bank.js'

type Table = Map<string, Row>

function fold(type: Newable, events: readonly DecodedEvent[], table: Table = new Map()): RowChanges {
  const projection = rowsOf(type)
  const plan = planFolds(projection, { kind: 'shared' }, events)
  const loaded = new Map([...table].filter(([key]) => plan.keys.includes(key)))
  const rows = new Map<string, Row | null>()
  foldInto(rows, projection, rowCodec(projection.row), plan.steps, loaded)
  return changesOf(rows, loaded)
}

function apply(table: Table, { upserts, deletes }: RowChanges): void {
  for (const [key, row] of upserts) table.set(key, row)
  for (const key of deletes) table.delete(key)
}

const opened = (owner = 'Ada') => Opened.of({ owner })
const deposited = (cents: number) => Deposited.of({ cents })

describe('folding a batch', () => {
  it('gives the last state of each row once, however often it was folded', () => {
    const { upserts, deletes } = fold(Balances, [
      happened('a', opened()),
      happened('a', deposited(5)),
      happened('b', opened('Bo')),
      happened('a', deposited(2)),
    ])
    expect([...upserts]).toEqual([
      ['a', { id: 'a', owner: 'Ada', cents: 7n }],
      ['b', { id: 'b', owner: 'Bo', cents: 0n }],
    ])
    expect(deletes).toEqual([])
  })

  it('passes over events that the projection does not fold', () => {
    expect(fold(Balances, [happened('a', new Unrelated())])).toEqual({ upserts: new Map(), deletes: [] })
  })

  it('deletes only rows that were there', () => {
    const table: Table = new Map([['old', { id: 'old', owner: 'Eve', cents: 1n }]])
    const events = [happened('old', new Closed()), happened('new', opened()), happened('new', new Closed())]
    expect(fold(Balances, events, table)).toEqual({ upserts: new Map(), deletes: ['old'] })
  })

  it('lets a row that was deleted be inserted again', () => {
    const table: Table = new Map([['a', { id: 'a', owner: 'Eve', cents: 1n }]])
    const { upserts, deletes } = fold(Balances, [happened('a', new Closed()), happened('a', opened())], table)
    expect(upserts.get('a')).toEqual({ id: 'a', owner: 'Ada', cents: 0n })
    expect(deletes).toEqual([])
  })

  it('tells the fold which of several keys it is called for', () => {
    const { upserts } = fold(Totals, [happened('a', deposited(1)), happened('b', deposited(2))])
    expect([...upserts.values()]).toEqual([
      { name: 'all', deposits: 2, cents: 3n },
      { name: 'odd', deposits: 1, cents: 1n },
      { name: 'even', deposits: 1, cents: 2n },
    ])
  })

  it('gives rows the class of rows as prototype, with its methods', () => {
    class Methodical {
      @Key() @Column('text') id!: string
      @Column('integer') n!: number
      get twice(): number {
        return this.n * 2
      }
    }
    @Projection('methodical', { version: 1, row: Methodical })
    class Doubling extends RowProjection<Methodical> {
      @Update(Deposited) deposited(row: Methodical) {
        row.n = row.twice
        return row
      }
    }
    const { upserts } = fold(Doubling, [happened('a', deposited(1))], new Map([['a', { id: 'a', n: 4 }]]))
    expect(upserts.get('a')).toBeInstanceOf(Methodical)
    expect(upserts.get('a')).toEqual({ id: 'a', n: 8 })
  })

  it('never changes the rows that were loaded, not even inside of them, also when a later fold throws', () => {
    class Deep {
      @Key() @Column('text') id!: string
      @Column('jsonb') tags!: string[]
      @Column('timestamptz') at!: Date
    }
    @Projection('deep', { version: 1, row: Deep })
    class Deeply extends RowProjection<Deep> {
      @Update(Deposited) deposited(row: Deep, { cents }: Deposited) {
        row.tags.push('changed')
        row.at.setTime(99)
        if (cents === 0) throw new Error('no deposit')
        return row
      }
    }
    const before = () => new Map<string, Row>([['a', { id: 'a', tags: ['x'], at: new Date(1) }]])
    const table = before()
    expect(fold(Deeply, [happened('a', deposited(1))], table).upserts.get('a')).toEqual({
      id: 'a',
      tags: ['x', 'changed'],
      at: new Date(99),
    })
    expect(() => fold(Deeply, [happened('a', deposited(1)), happened('a', deposited(0))], table)).toThrow(
      'no deposit',
    )
    expect(table).toEqual(before())
  })

  it('keeps what a fold remembers from reaching into its rows', () => {
    const remembered: BalanceRow[] = []
    @Projection('nosy', { version: 1, row: BalanceRow })
    class Nosy extends RowProjection<BalanceRow> {
      @Upsert(Deposited) deposited(row: BalanceRow | undefined, { cents }: Deposited) {
        for (const old of remembered) old.cents = -1n
        const next = row ?? { id: 'a', owner: 'Ada', cents: 0n }
        next.cents += BigInt(cents)
        remembered.push(next)
        return next
      }
    }
    const events = [1, 2, 3].map(cents => happened('a', deposited(cents)))
    expect(fold(Nosy, events).upserts.get('a')).toMatchObject({ cents: 6n })
  })
})

describe('a fold that goes wrong', () => {
  class LooseRow {
    @Key() @Column('text') id!: string
    @Column('integer') n!: number
    @Column('text', { nullable: true }) note!: string | null
  }
  function loose(returned: unknown, options: { key?: () => string | string[] } = {}): Newable {
    @Projection('loose', { version: 3, row: LooseRow })
    class Loose extends RowProjection<LooseRow> {
      @Upsert(Deposited, options) deposited() {
        return (typeof returned === 'function' ? (returned as () => never)() : returned) as never
      }
    }
    return Loose
  }
  const failure = (type: Newable) => {
    try {
      fold(type, [happened('a', deposited(1), 7n)])
    } catch (error) {
      return error
    }
    throw new Error('it should have failed')
  }

  it.each<[string, unknown, string, RegExp]>([
    ['nothing', undefined, 'HC_ROW_VALUE', /it is undefined, not a row; the method lacks a return/],
    ['a text', 'row', 'HC_ROW_VALUE', /it is string, not a row/],
    [
      'a row without a column',
      { id: 'a', note: null },
      'HC_ROW_VALUE',
      /column n needs a value, not undefined/,
    ],
    ['null in a column that forbids it', { id: 'a', n: null }, 'HC_ROW_VALUE', /nullable: true/],
    ['a wrong type', { id: 'a', n: '1' }, 'HC_ROW_VALUE', /column n needs a number, not "1"/],
    ['a value without a column', { id: 'a', n: 1, x: 5 }, 'HC_ROW_VALUE', /column x is not declared/],
    [
      'a row of another key',
      { id: 'b', n: 1 },
      'HC_ROW_KEY',
      /given key "a" and returned a row whose id is "b"/,
    ],
    ['a promise', Promise.resolve(), 'HC_FOLD_ASYNC', /returned a promise; folds are synchronous/],
    ['a promise that fails', () => Promise.reject(new Error('x')), 'HC_FOLD_ASYNC', /returned a promise/],
    ['a thenable', { then: () => undefined }, 'HC_FOLD_ASYNC', /returned a promise/],
  ])('is refused: it returns %s', (_, returned, code, message) => {
    expect(failure(loose(returned))).toMatchObject({
      code,
      retryable: false,
      message: expect.stringMatching(message) as string,
    })
  })

  it.each<[string, () => unknown, string, RegExp]>([
    ['a number', () => 7, 'HC_ROW_KEY', /must return a text or an array of texts, not number/],
    ['a list with a number', () => ['a', 7], 'HC_ROW_KEY', /the number 7/],
    ['an empty key', () => '', 'HC_ROW_KEY', /an empty key/],
    [
      'an error',
      () => {
        throw new TypeError('no key here')
      },
      'HC_FOLD_FAILED',
      /the option key of deposited threw TypeError: no key here/,
    ],
  ])('is refused: its key option gives %s', (_, key, code, message) => {
    expect(failure(loose({ id: 'a', n: 1 }, { key: key as () => string }))).toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    })
  })

  it('names projection, event, stream, version and position, and keeps the cause', () => {
    const cause = new RangeError('too far')
    const thrower = loose(() => {
      throw cause
    })
    expect(failure(thrower)).toMatchObject({
      code: 'HC_FOLD_FAILED',
      message: expect.stringMatching(
        /^projection "loose" version 3 cannot fold event "account.something" of stream "account-a", version 0, position bank\/0:7: deposited threw RangeError: too far/,
      ) as string,
      cause,
      context: {
        projection: 'loose',
        projectionVersion: 3,
        method: 'deposited',
        type: 'account.something',
        stream: 'account-a',
        version: 0,
        position: 'bank/0:7',
        key: 'a',
      },
    })
  })

  it('cannot keep state in the projection', () => {
    @Projection('stateful', { version: 1, row: LooseRow })
    class Stateful extends RowProjection<LooseRow> {
      count = 0
      @Upsert(Deposited) deposited() {
        return { id: 'a', n: ++this.count, note: null }
      }
    }
    expect(failure(Stateful)).toMatchObject({ code: 'HC_FOLD_FAILED', cause: expect.any(TypeError) as Error })
  })

  it.each<[string, DecodedEvent[], string]>([
    ['an insert onto a row', [happened('a', opened()), happened('a', opened())], 'HC_ROW_EXISTS'],
    ['an update of no row', [happened('a', deposited(1))], 'HC_ROW_MISSING'],
    ['a delete of no row', [happened('a', new Closed())], 'HC_ROW_MISSING'],
  ])('is refused: %s', (_, events, code) => {
    expect(() => fold(Balances, events)).toThrow(expect.objectContaining({ code }))
  })

  it('writes null for undefined where the column may be null', () => {
    const { upserts } = fold(loose({ id: 'a', n: 1, note: undefined }), [happened('a', deposited(1))])
    expect(upserts.get('a')).toStrictEqual(
      Object.assign(Object.create(LooseRow.prototype) as object, {
        id: 'a',
        n: 1,
        note: null,
      }),
    )
  })

  it('touches no row when its key names none', () => {
    expect(fold(loose(undefined, { key: () => [] }), [happened('a', deposited(1))])).toEqual({
      upserts: new Map(),
      deletes: [],
    })
  })
})

describe('the law of folding', () => {
  /** Histories of a few accounts in which no event comes before the account is open or after it is closed. */
  const histories = fc
    .array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), act: fc.nat(9), cents: fc.nat(50) }), {
      maxLength: 60,
    })
    .map(acts => {
      const open = new Set<string>()
      return acts.map(({ key, act, cents }, index): DecodedEvent => {
        if (!open.has(key)) {
          open.add(key)
          return happened(key, opened(`owner${index}`), BigInt(index))
        }
        if (act > 0) return happened(key, deposited(cents), BigInt(index))
        open.delete(key)
        return happened(key, new Closed(), BigInt(index))
      })
    })

  it.each([Balances, Totals])('rows are the same however a history is cut into batches: %o', type => {
    fc.assert(
      fc.property(histories, fc.array(fc.nat(60), { maxLength: 10 }), (history, cuts) => {
        const whole: Table = new Map()
        apply(whole, fold(type, history, whole))
        const single: Table = new Map()
        for (const event of history) apply(single, fold(type, [event], single))
        const batched: Table = new Map()
        const ends = [...cuts.filter(cut => cut < history.length), history.length].toSorted((a, b) => a - b)
        let from = 0
        for (const end of ends) {
          apply(batched, fold(type, history.slice(from, end), batched))
          from = end
        }
        expect(batched).toEqual(whole)
        expect(single).toEqual(whole)
      }),
    )
  })
})
