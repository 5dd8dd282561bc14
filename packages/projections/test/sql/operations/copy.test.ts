import { parsePosition, type App, type Cut } from '@hindcast/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { count, Entries, Shop, Tally } from '../setup/apps.js'
import { sqlSuite, type TestDatabase } from '../setup/databases.js'

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

sqlSuite('a copy', ({ make }) => {
  let database: TestDatabase
  let shop: Shop
  let now: number

  beforeEach(async () => {
    database = await make()
    shop = await Shop.open(database, 3, { now: () => new Date(now) })
    now = Date.parse('2001-01-01T00:00:00Z')
  })
  afterEach(async () => {
    await database[Symbol.asyncDispose]()
  })

  function start(): Promise<App> {
    return shop.start([Tally, Entries], { clock: { now: () => new Date(now) } })
  }

  /** Counts each key on each of the days, one event a day and key. */
  async function days(app: App, times: number): Promise<void> {
    for (let day = 0; day < times; day++) {
      for (const key of KEYS) await count(app, key, `day ${day}`)
      now += 86_400_000
    }
  }

  const rows = (schema: string): Promise<readonly unknown[]> =>
    shop.byHand(`select * from ${schema}.tally order by id`)

  it('as of a time has what is older, and its cut gives the same rows again', async () => {
    await using app = await start()
    await days(app, 5)
    const asOf = new Date('2001-01-03T00:00:00Z')
    const then = await app.readModels.copy(Tally, { into: 'back_then', asOf })
    expect(await rows('back_then')).toEqual(KEYS.map(key => [key, '2']))
    expect(then).toMatchObject({ schema: 'back_then', resumed: false, leftOut: { parked: 0, skipped: 0 } })
    await app.readModels.copy(Tally, { into: 'again', asOf: then.cut })
    expect(await rows('again')).toEqual(await rows('back_then'))
    const sql = await app.readModels.copy(Entries, { into: 'entries_then', asOf })
    expect(sql.cut).toEqual(then.cut)
    expect(await shop.byHand('select count(*) from entries_then.entries')).toEqual([['14']])
    expect((await app.readModels.versions()).find(({ schema }) => schema === 'back_then')).toMatchObject({
      role: 'copy',
      cut: then.cut,
    })
    await days(app, 1)
    expect(await rows('back_then')).toEqual(KEYS.map(key => [key, '2']))
  })

  it('as of a time before the first event is there, and empty; without a time it has all there is', async () => {
    await using app = await start()
    await days(app, 2)
    const before = await app.readModels.copy(Tally, { into: 'before', asOf: new Date(0) })
    expect(before.cut.every(({ next }) => next === 0n)).toBe(true)
    expect(await rows('before')).toEqual([])
    await app.readModels.copy(Tally, { into: 'all_of_it' })
    expect(await rows('all_of_it')).toEqual(KEYS.map(key => [key, '2']))
  })

  it('from a time on leaves out what is older', async () => {
    await using app = await start()
    await days(app, 5)
    const [from, asOf] = [new Date('2001-01-02T00:00:00Z'), new Date('2001-01-05T00:00:00Z')]
    const copied = await app.readModels.copy(Tally, { into: 'between', from, asOf })
    expect(await rows('between')).toEqual(KEYS.map(key => [key, '3']))
    expect(copied.events).toBe(21)
  })

  it('is refused for the future, a cut beyond the log or without a partition, and a schema that is there', async () => {
    await using app = await start()
    await days(app, 2)
    const { readModels } = app
    await expect(
      readModels.copy(Tally, { into: 'later', asOf: new Date('2001-01-09T00:00:00Z') }),
    ).rejects.toMatchObject({ code: 'HC_CUT', message: expect.stringMatching(/future.*2001-01-02T00:00:00/) })
    const { cut } = await readModels.copy(Tally, { into: 'now' })
    const beyond: Cut = cut.map(place => ({ ...place, next: place.next + 1n }))
    await expect(readModels.copy(Tally, { into: 'later', asOf: beyond })).rejects.toMatchObject({
      code: 'HC_CUT',
      message: expect.stringMatching(/ends at/),
    })
    await expect(readModels.copy(Tally, { into: 'later', asOf: cut.slice(1) })).rejects.toMatchObject({
      code: 'HC_CUT',
      message: expect.stringMatching(/says nothing of .*\/0/),
    })
    await shop.byHand('create schema somebodys')
    for (const into of ['now', 'tally_v1', 'somebodys'])
      await expect(readModels.copy(Tally, { into })).rejects.toMatchObject({ code: 'HC_SCHEMA_EXISTS' })
    for (const into of ['read', 'hindcast', 'pg_mine', 'Mine', ''])
      await expect(readModels.copy(Tally, { into })).rejects.toMatchObject({ code: 'HC_OPERATION_REFUSED' })
    expect(await shop.byHand(`select to_regnamespace('later')`)).toEqual([[null]])
  })

  it('as of a cut that would split an append ends before the whole of it', async () => {
    await using app = await start()
    await days(app, 1)
    const data = '{"what":"x"}'
    const events = ['e1', 'e2', 'e3'].map(id => ({ id, type: 'counter.counted', schemaVersion: 1, data }))
    const write = { stream: 'counter-a', expected: 'any', events } as const
    const appended = await app.store.append([write], { commandId: 'three' })
    if (appended.kind !== 'appended') throw new Error('a conflict')
    const { partition, offset: last } = parsePosition(appended.position)
    const { cut: end } = await app.readModels.copy(Tally, { into: 'all_of_it' })
    for (const [more, counted] of [
      [0n, '1'],
      [1n, '1'],
      [2n, '1'],
      [3n, '4'],
    ] as const) {
      const asked = end.map(place =>
        place.partition === partition ? { ...place, next: last - 2n + more } : place,
      )
      const { cut } = await app.readModels.copy(Tally, { into: `up_to_${more}`, asOf: asked })
      const next = more === 3n ? last + 1n : last - 2n
      expect(cut.find(place => place.partition === partition)!.next).toBe(next)
      expect(await rows(`up_to_${more}`)).toContainEqual(['a', counted])
    }
  })

  it('that is cancelled goes on where it was, and not as another one', async () => {
    await using app = await start()
    await days(app, 20)
    const cancel = new AbortController()
    const options = { into: 'slowly', asOf: new Date('2001-01-15T00:00:00Z') }
    await expect(
      app.readModels.copy(Tally, {
        ...options,
        maxEventsPerSecond: 100,
        signal: cancel.signal,
        onProgress: ({ events }) => events > 20 && cancel.abort(new Error('enough')),
      }),
    ).rejects.toThrow('enough')
    await expect(app.readModels.copy(Tally, { into: 'slowly' })).rejects.toMatchObject({
      code: 'HC_SCHEMA_EXISTS',
      message: expect.stringMatching(/interrupted copy/),
    })
    expect((await app.readModels.versions()).find(({ schema }) => schema === 'slowly')?.build).toMatchObject({
      kind: 'copy',
      running: false,
    })
    const done = await app.readModels.copy(Tally, options)
    expect(done.resumed).toBe(true)
    expect(done.events).toBeLessThan(14 * KEYS.length - 15)
    expect(await rows('slowly')).toEqual(KEYS.map(key => [key, '14']))
  })
})
