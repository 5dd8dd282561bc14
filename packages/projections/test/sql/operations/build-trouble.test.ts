import {
  Column,
  Key,
  memory,
  Projection,
  RowProjection,
  skip,
  systemClock,
  Upsert,
  uuidV7Source,
  type BuildProgress,
  type EventMeta,
} from '@hindcast/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { postgresSuite } from '../../../../../test/servers/suites.js'
import { count, Counted, Shop, Tally, TallyTenfold } from '../setup/apps.js'
import { makePostgres, type PostgresTestDatabase } from '../setup/databases.js'

class Row {
  @Key() @Column('text') id!: string
  @Column('integer') count!: number
}
const next = (row: Row | undefined, { what }: Counted, { key }: EventMeta): Row => {
  if (what === 'bad') throw new Error('bad luck')
  return { id: key, count: (row?.count ?? 0) + 1 }
}
@Projection('tally', { version: 2, row: Row })
class TallyStopping extends RowProjection<Row> {
  @Upsert(Counted) counted(row: Row | undefined, event: Counted, meta: EventMeta): Row {
    return next(row, event, meta)
  }
}
@Projection('tally', { version: 2, row: Row, onFailure: skip() })
class TallySkipping extends RowProjection<Row> {
  @Upsert(Counted) counted(row: Row | undefined, event: Counted, meta: EventMeta): Row {
    return next(row, event, meta)
  }
}
/** What the class became between two calls. */
@Projection('tally', { version: 2, row: Row })
class TallyHundredfold extends RowProjection<Row> {
  @Upsert(Counted) counted(row: Row | undefined, _: Counted, { key }: EventMeta): Row {
    return { id: key, count: (row?.count ?? 0) + 100 }
  }
}

postgresSuite('a rebuild', () => {
  let database: PostgresTestDatabase
  let shop: Shop

  beforeEach(async () => {
    database = await makePostgres()
    shop = await Shop.open(database, 3)
  })
  afterEach(() => database[Symbol.asyncDispose]())

  it('that meets an event which its class cannot fold stands still, and readers see no difference', async () => {
    await using app = await shop.start([Tally, TallyStopping])
    await count(app, 'a', 'good')
    await app.view(Tally).get('b', { atLeast: await count(app, 'b', 'bad') })
    await expect(app.readModels.rebuild(TallyStopping)).rejects.toMatchObject({
      code: 'HC_REBUILD_STOPPED',
      message: expect.stringMatching(
        /schema tally_v2 stands still at offset \d+.*bad luck.*Readers see no difference/,
      ),
    })
    expect(await shop.read('tally')).toEqual([
      ['a', '1'],
      ['b', '1'],
    ])
  })

  it('that skips what was not skipped before is a difference, which waits until it is accepted', async () => {
    await using app = await shop.start([Tally, TallySkipping])
    await count(app, 'a', 'good')
    await app.view(Tally).get('b', { atLeast: await count(app, 'b', 'bad') })
    await expect(app.readModels.rebuild(TallySkipping)).rejects.toMatchObject({
      code: 'HC_REBUILD_DIFFERS',
      leftOut: { parked: 0, skipped: 1 },
      message: expect.stringMatching(/1 event was skipped that was not before/),
    })
    const { leftOut } = await app.readModels.rebuild(TallySkipping, { acceptDifferences: true })
    expect(leftOut).toEqual({ parked: 0, skipped: 1 })
    expect(await shop.read('tally')).toEqual([['a', '1']])
    // By now it was skipped before as well.
    expect(await app.readModels.rebuild(TallySkipping)).toMatchObject({ comparison: { differentRows: 0 } })
  })

  it('of which more rows differ than people read counts them all, and names the first 20', async () => {
    await using app = await shop.start([Tally])
    const keys = Array.from({ length: 25 }, (_, n) => `k${String(n).padStart(2, '0')}`)
    for (const key of keys) await count(app, key)
    for (const key of keys) await app.view(Tally).get('k00', { atLeast: await count(app, key) })
    await shop.byHand('update tally_v1.tally set count = 99')
    await expect(app.readModels.rebuild(Tally)).rejects.toMatchObject({
      code: 'HC_REBUILD_DIFFERS',
      comparison: {
        differentRows: 25,
        first: keys.slice(0, 20).map(id => ({
          row: JSON.stringify({ id }).replace(':', ': '),
          column: 'count',
          before: '99',
          after: '2',
        })),
      },
    })
  })

  it('goes no faster than it is told, and says how far it is', async () => {
    await using app = await shop.start([Tally])
    for (let n = 0; n < 60; n++) await count(app, 'abc'[n % 3]!)
    for (const key of 'abc') await app.view(Tally).get(key, { atLeast: await count(app, key) })
    const told: BuildProgress[] = []
    const result = await app.readModels.rebuild(Tally, {
      maxEventsPerSecond: 60,
      onProgress: progress => told.push(progress),
    })
    expect(result.events).toBe(63 + 3)
    expect(result.durationMs).toBeGreaterThan(900)
    expect(told.length).toBeGreaterThan(4)
    const events = told.map(each => each.events)
    expect(events).toEqual(events.toSorted((a, b) => a - b))
    expect(told.at(-1)).toMatchObject({ events: 66, totalEvents: 66, phase: 'swapping' })
    expect(told.some(({ etaMs, eventsPerSecond }) => etaMs! > 0 && eventsPerSecond > 0)).toBe(true)
  })

  it('that its app stops ends between two transactions, and the next app goes on', async () => {
    const app = await shop.start([Tally])
    for (let n = 0; n < 30; n++) await count(app, 'abc'[n % 3]!)
    let stopped: Promise<void> | undefined
    const rebuilding = app.readModels.rebuild(Tally, {
      maxEventsPerSecond: 50,
      onProgress: ({ events }) => {
        if (events > 5) stopped ??= app.stop()
      },
    })
    await expect(rebuilding).rejects.toMatchObject({ code: 'HC_READ_MODELS_CLOSED' })
    await stopped
    await using again = await shop.start([Tally])
    const result = await again.readModels.rebuild(Tally)
    expect(result).toMatchObject({ resumed: true, comparison: { differentRows: 0 } })
    expect(result.events).toBeLessThan(30)
  })

  it('whose class was changed since it was interrupted begins anew', async () => {
    await using before = await shop.start([Tally, TallyTenfold], { run: 'commands' })
    await using workers = await shop.start([Tally], { run: 'workers' })
    for (let n = 0; n < 30; n++) await count(before, 'a')
    await workers.view(Tally).get('a', { atLeast: await count(before, 'a') })
    const cancel = new AbortController()
    await before.readModels
      .rebuild(TallyTenfold, {
        maxEventsPerSecond: 50,
        signal: cancel.signal,
        onProgress: ({ events }) => events > 5 && cancel.abort(),
      })
      .catch(() => undefined)
    await using app = await shop.start([Tally, TallyHundredfold], { run: 'commands' })
    // With the first record of each partition, which is no event.
    const result = await app.readModels.rebuild(TallyHundredfold)
    expect(result).toMatchObject({ resumed: false, events: 31 + 3 })
    expect(await shop.read('tally')).toEqual([['a', '3100']])
  })

  it('of what several logs feed folds each of them, and its cut names both', async () => {
    const other = memory({ partitions: 2, logId: 'other' })
    await using elsewhere = await other({ clock: systemClock, ids: uuidV7Source(), run: 'all' })
    const event = (n: number) => ({
      id: `e${n}`,
      type: 'counter.counted',
      schemaVersion: 1,
      data: '{"what":"x"}',
    })
    await elsewhere.append([{ stream: 'counter-z', expected: 'none', events: [event(1), event(2)] }], {
      commandId: 'c',
    })
    await using app = await shop.start([Tally], { sources: [{ store: other, events: [Counted] }] })
    await app.view(Tally).get('a', { atLeast: await count(app, 'a') })
    await expect.poll(() => app.view(Tally).get('z')).toMatchObject({ count: 2 })
    const result = await app.readModels.rebuild(Tally)
    expect(result).toMatchObject({ events: 3 + 5, comparison: { differentRows: 0 } })
    expect(new Set(result.cut.map(({ log }) => log))).toEqual(new Set(['other', app.store.logId]))
    expect(result.cut).toHaveLength(5)
    const { cut } = await app.readModels.copy(Tally, { into: 'then', asOf: result.cut })
    expect(cut).toEqual(expect.arrayContaining([...result.cut]))
    expect(await shop.read('tally')).toEqual([
      ['a', '1'],
      ['z', '2'],
    ])
  })
})
