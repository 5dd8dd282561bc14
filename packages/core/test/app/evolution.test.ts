import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  Aggregate,
  AggregateRoot,
  Apply,
  Column,
  Command,
  Event,
  Handle,
  Hindcast,
  Key,
  memory,
  park,
  Projection,
  RowProjection,
  systemClock,
  upcast,
  Upsert,
  uuidV7Source,
  type EventMeta,
  type EventStoreFactory,
  type NewEvent,
} from '../../src/index.js'

class Placed extends Event('order.placed', { version: 2, formerly: ['order.ordered'] }) {
  item!: string
  pieces!: number
}
class Paid extends Event('order.paid') {
  cents!: number
}
class Describe extends Command('order.describe')<readonly string[]> {}
class Pay extends Command('order.pay')<readonly string[]> {
  cents!: number
}

@Aggregate('order')
class Order extends AggregateRoot<Placed | Paid> {
  lines: string[] = []
  @Handle(Describe) describe() {
    return this.lines
  }
  @Handle(Pay) pay({ cents }: Pay) {
    this.emit(Paid, { cents })
    return this.lines
  }
  @Apply(Placed) placed(event: Placed) {
    this.lines = [...this.lines, `${event.pieces} ${event.item}`]
  }
  @Apply(Paid) paid(event: Paid) {
    this.lines = [...this.lines, `${event.cents} paid`]
  }
}
class OrderRow {
  @Key() @Column('text') id!: string
  @Column('text') lines!: string
}
@Projection('orders', { version: 1, row: OrderRow })
class Orders extends RowProjection<OrderRow> {
  @Upsert(Placed) placed(row: OrderRow | undefined, event: Placed, meta: EventMeta) {
    return line(row, meta, `${event.pieces} ${event.item}`)
  }
  @Upsert(Paid) paid(row: OrderRow | undefined, event: Paid, meta: EventMeta) {
    return line(row, meta, `${event.cents} paid`)
  }
}
function line(row: OrderRow | undefined, meta: EventMeta, text: string): OrderRow {
  return { id: meta.key, lines: row ? `${row.lines}, ${text}` : text }
}

const upcasters = [
  upcast(Placed)
    .from<{ item: string }>(1)
    .up(old => ({ ...old, pieces: 1 }))
    .done(),
  upcast('order.placed_and_paid')
    .from<{ item: string; cents: number }>(1)
    .split(old => [Placed.of({ item: old.item, pieces: 1 }), Paid.of({ cents: old.cents })]),
  upcast('order.viewed').from<object>(1).drop(),
]

/** Writes events as old builds wrote them. */
async function writeOld(
  store: EventStoreFactory,
  key: string,
  old: readonly (readonly [string, number, object])[],
  expected: 'none' | 'any' = 'none',
) {
  const ids = uuidV7Source()
  const events: NewEvent[] = old.map(([type, schemaVersion, data]) => ({
    id: ids.next(),
    type,
    schemaVersion,
    data: JSON.stringify(data),
  }))
  await using opened = await store({ clock: systemClock, ids, run: 'all' })
  const stream = `order-${key}`
  await opened.append([{ stream, expected, events }], { commandId: ids.next() })
}

describe('events of older builds', () => {
  const history = [
    ['order.ordered', 1, { item: 'pen' }],
    ['order.viewed', 1, { by: 'ada' }],
    ['order.placed_and_paid', 1, { item: 'ink', cents: 5 }],
    ['order.placed', 2, { item: 'cap', pieces: 3 }],
  ] as const

  it('are the same current events to aggregates and to projections', async () => {
    const store = memory()
    await writeOld(store, 'o-1', history)
    await using app = await Hindcast.start({
      store,
      aggregates: [Order],
      projections: [Orders],
      upcasters,
      log: false,
    })
    const lines = ['1 pen', '1 ink', '5 paid', '3 cap', '9 paid']
    const paid = await app.execute('o-1', Pay.of({ cents: 9 }))
    expect(paid.result).toEqual(lines)
    expect(paid.version).toBe(4)
    expect(await app.view(Orders).get('o-1', { atLeast: paid.position })).toEqual({
      id: 'o-1',
      lines: lines.join(', '),
    })
  })

  it('pause a projection that is older than they are, visibly, while everything else goes on', async () => {
    const store = memory()
    await writeOld(store, 'o-1', [['order.placed', 2, { item: 'cap', pieces: 3 }]])
    await writeOld(store, 'o-2', [['order.paid', 7, { cents: 1, currency: 'EUR' }]])
    await using app = await Hindcast.start({
      store,
      aggregates: [Order],
      projections: [Orders],
      upcasters,
      log: false,
    })
    const failure = await app.execute('o-2', Describe.of()).catch((error: unknown) => error)
    expect(failure).toMatchObject({
      code: 'HC_EVENT_NEWER_THAN_CODE',
      context: { schemaVersion: 7, codeVersion: 1 },
    })
    await expect
      .poll(async () => (await app.health()).projections.filter(worker => worker.state === 'paused'))
      .toMatchObject([{ projection: 'orders', error: { code: 'HC_EVENT_NEWER_THAN_CODE' }, end: 2n }])
    expect((await app.execute('o-1', Describe.of())).result).toEqual(['3 cap'])
  })

  it('of a name that only newer code knows pause the projections of its aggregate and are never parked; others pass over it', async () => {
    @Projection('parking', { version: 1, row: OrderRow, onFailure: park() })
    class Parking extends Orders {}
    class Greeted extends Event('guest.greeted') {}
    class Greet extends Command('guest.greet') {}
    @Aggregate('guest')
    class Guest extends AggregateRoot<Greeted> {
      @Handle(Greet) greet() {
        this.emit(Greeted)
      }
      @Apply(Greeted) greeted() {}
    }
    @Projection('guests', { version: 1, row: OrderRow })
    class Guests extends RowProjection<OrderRow> {
      @Upsert(Greeted) greeted(row: OrderRow | undefined, _: Greeted, meta: EventMeta) {
        return line(row, meta, 'greeted')
      }
    }
    const store = memory({ partitions: 1 })
    await writeOld(store, 'o-1', [['order.placed', 2, { item: 'cap', pieces: 3 }]])
    await writeOld(store, 'o-2', [['order.shipped', 1, {}]])
    await writeOld(store, 'o-1', [['order.paid', 1, { cents: 1 }]], 'any')
    await using app = await Hindcast.start({
      store,
      aggregates: [Order, Guest],
      projections: [Orders, Parking, Guests],
      upcasters,
      log: false,
    })
    const { position } = await app.execute('g-1', Greet.of())
    expect(await app.view(Guests).get('g-1', { atLeast: position })).toMatchObject({ lines: 'greeted' })
    await expect
      .poll(async () => (await app.health()).projections.filter(({ settled }) => settled))
      .toMatchObject([
        { projection: 'orders', state: 'paused', error: { code: 'HC_EVENT_TYPE_UNKNOWN' }, parked: 0 },
        { projection: 'parking', state: 'paused', error: { code: 'HC_EVENT_TYPE_UNKNOWN' }, parked: 0 },
        { projection: 'guests', state: 'live' },
      ])
    expect(await app.view(Orders).all()).toEqual([{ id: 'o-1', lines: '3 cap' }])
    expect((await app.execute('o-1', Describe.of())).result).toEqual(['3 cap', '1 paid'])
  })
})

describe('folding', () => {
  it('what was appended gives what folding the events directly gives', async () => {
    const event = fc.oneof(
      fc
        .record({ item: fc.string({ maxLength: 5 }), pieces: fc.nat() })
        .map(data => ['order.placed', 2, data] as const),
      fc.record({ cents: fc.nat() }).map(data => ['order.paid', 1, data] as const),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 30 }), async events => {
        const store = memory()
        await writeOld(store, 'o-1', events)
        await using app = await Hindcast.start({
          store,
          aggregates: [Order],
          projections: [Orders],
          upcasters,
          log: false,
        })
        const { result, position } = await app.execute('o-1', Describe.of())
        const direct = events.map(([type, , data]) =>
          type === 'order.placed' ? `${data.pieces} ${data.item}` : `${data.cents} paid`,
        )
        expect(result).toEqual(direct)
        expect((await app.view(Orders).get('o-1', { atLeast: position }))?.lines).toBe(direct.join(', '))
      }),
      { numRuns: 50 },
    )
  })
})
