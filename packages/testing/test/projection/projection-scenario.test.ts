import { describe, expect, it } from 'vitest'
import {
  Column,
  Delete,
  Event,
  Insert,
  Key,
  Projection,
  RowProjection,
  Update,
  upcast,
  Upsert,
  type EventMeta,
} from '@hindcast/core'
import { on, projectionScenario, upcasterScenario } from '@hindcast/testing'

class Opened extends Event('account.opened') {
  owner!: string
}
class Deposited extends Event('account.deposited', { version: 2 }) {
  cents!: number
}
class Closed extends Event('account.closed') {}

class BalanceRow {
  @Key() @Column('text') id!: string
  @Column('text') owner!: string
  @Column('bigint') cents!: bigint
}
@Projection('balances', { version: 1, row: BalanceRow })
class Balances extends RowProjection<BalanceRow> {
  @Insert(Opened) opened(event: Opened, meta: EventMeta): BalanceRow {
    return { id: meta.key, owner: event.owner, cents: 0n }
  }
  @Update(Deposited) deposited(row: BalanceRow, event: Deposited) {
    row.cents += BigInt(event.cents)
    return row
  }
  @Delete(Closed) closed() {}
}

class DayRow {
  @Key() @Column('text') day!: string
  @Column('integer') deposits!: number
  @Column('text') last!: string
}
const dayOf = (_: Deposited, meta: EventMeta): string => meta.time.toISOString().slice(0, 10)
@Projection('days', { version: 1, row: DayRow })
class Days extends RowProjection<DayRow> {
  @Upsert(Deposited, { key: dayOf }) deposited(row: DayRow | undefined, event: Deposited, meta: EventMeta) {
    return { day: dayOf(event, meta), deposits: (row?.deposits ?? 0) + 1, last: '' }
  }
}
/** Depends on the order between streams, which nobody promises. */
@Projection('last_depositor', { version: 1, row: DayRow })
class LastDepositor extends RowProjection<DayRow> {
  @Upsert(Deposited, { key: dayOf }) deposited(row: DayRow | undefined, event: Deposited, meta: EventMeta) {
    return { day: dayOf(event, meta), deposits: (row?.deposits ?? 0) + 1, last: meta.key }
  }
}
/** Counts in itself what it should count in its rows. */
@Projection('forgetful', { version: 1, row: DayRow })
class Forgetful extends RowProjection<DayRow> {
  static seen = 0
  @Upsert(Deposited, { key: dayOf }) deposited(_: DayRow | undefined, event: Deposited, meta: EventMeta) {
    return { day: dayOf(event, meta), deposits: ++Forgetful.seen, last: '' }
  }
}

const given = [
  on('a', Opened.of({ owner: 'Ada' })),
  on('b', Opened.of({ owner: 'Bo' })),
  on('a', Deposited.of({ cents: 5 })),
  on('b', Deposited.of({ cents: 7 })),
  on('a', Deposited.of({ cents: 1 })),
  on('c', Opened.of({ owner: 'Cy' })),
  on('c', Closed.of()),
]
const then = { a: { id: 'a', owner: 'Ada', cents: 6n }, b: { id: 'b', owner: 'Bo', cents: 7n } }

describe('a projection scenario', () => {
  it('passes when the rows are as described', projectionScenario(Balances, { given, then }))
  it(
    'passes for rows that events of several partitions fold into',
    projectionScenario(Days, { given, then: { '2001-01-01': { day: '2001-01-01', deposits: 3, last: '' } } }),
  )
  it(
    'passes when the projection stops as described',
    projectionScenario(Balances, {
      given: [on('x', Deposited.of({ cents: 1 }))],
      rejected: 'HC_ROW_MISSING',
    }),
  )

  it.each<[string, () => Promise<void>, RegExp]>([
    [
      'another value',
      projectionScenario(Balances, { given, then: { ...then, a: { ...then.a, cents: 5n } } }),
      /row "a" of Balances differs at cents: found 6n, expected 5n/,
    ],
    [
      'a row too few',
      projectionScenario(Balances, { given, then: { a: then.a } }),
      /row "b" of Balances differs/,
    ],
    [
      'a row too many',
      projectionScenario(Balances, { given, then: { ...then, c: then.a } }),
      /row "c" of Balances differs/,
    ],
    [
      'an unexpected order between partitions',
      projectionScenario(LastDepositor, {
        given,
        then: { '2001-01-01': { day: '2001-01-01', deposits: 3, last: 'a' } },
      }),
      /LastDepositor differs at last/,
    ],
    [
      'state outside of rows',
      projectionScenario(Forgetful, {
        given,
        then: { '2001-01-01': { day: '2001-01-01', deposits: 3, last: '' } },
      }),
      /Forgetful differs at deposits/,
    ],
    [
      'going on where it should stop',
      projectionScenario(Balances, { given, rejected: 'HC_ROW_MISSING' }),
      /should have stopped with "HC_ROW_MISSING", but it went on/,
    ],
  ])('fails for %s, and says where', async (_, test, message) => {
    await expect(test()).rejects.toMatchObject({
      code: 'HC_SCENARIO_FAILED',
      message: expect.stringMatching(message) as string,
    })
  })

  it.each(['acc-1', 'acc-2', 'acc-3'])(
    'takes partitions in several orders: %s is not always last',
    async last => {
      const test = projectionScenario(LastDepositor, {
        given: ['acc-1', 'acc-2', 'acc-3'].map(key => on(key, Deposited.of({ cents: 1 }))),
        then: { '2001-01-01': { day: '2001-01-01', deposits: 3, last } },
      })
      await expect(test()).rejects.toMatchObject({ code: 'HC_SCENARIO_FAILED' })
    },
  )
})

describe('an upcaster scenario', () => {
  const history = upcast(Deposited)
    .from<{ euro: number }>(1)
    .up(old => ({ cents: old.euro * 100 }))
    .done()
  it(
    'passes when old data is read as described',
    upcasterScenario(history, {
      given: { version: 1, data: { euro: 3 } },
      then: [Deposited.of({ cents: 300 })],
    }),
  )
  it(
    'passes for a split',
    upcasterScenario(
      upcast('account.opened_with')
        .from<{ owner: string; cents: number }>(1)
        .split(old => [Opened.of({ owner: old.owner }), Deposited.of({ cents: old.cents })]),
      {
        given: { version: 1, data: { owner: 'Ada', cents: 5 } },
        then: [Opened.of({ owner: 'Ada' }), Deposited.of({ cents: 5 })],
      },
    ),
  )
  it(
    'passes for a drop',
    upcasterScenario(upcast('account.viewed').from<object>(1).drop(), {
      given: { version: 1, data: {} },
      then: 'dropped',
    }),
  )
  it('fails with the field named', async () => {
    const test = upcasterScenario(history, {
      given: { version: 1, data: { euro: 3 } },
      then: [Deposited.of({ cents: 3 })],
    })
    await expect(test()).rejects.toMatchObject({
      code: 'HC_SCENARIO_FAILED',
      message: expect.stringContaining('[0].cents: found 300, expected 3') as string,
    })
  })
})
