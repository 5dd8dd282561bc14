import { afterEach, beforeEach, expect, it } from 'vitest'
import { count, Entries, healthIn, Shop, Tally } from '../setup/apps.js'
import { sqlSuite } from '../setup/databases.js'

sqlSuite('tables that somebody changes by hand', ({ make }) => {
  let shop: Shop
  beforeEach(async () => {
    shop = await Shop.open(await make())
  })
  afterEach(() => shop.database[Symbol.asyncDispose]())

  const projections = [Tally, Entries]
  const deleted = /checkpoint of partition 0 .* was deleted .* twice\. Raise the version/

  it('by deleting a checkpoint under a worker: it stops, and counts nothing twice', async () => {
    await using app = await shop.start(projections)
    const position = await count(app, 'a')
    await app.view(Tally).get('a', { atLeast: position })
    await app.view(Entries).query('select 1', [], { atLeast: position })
    await shop.byHand('delete from hindcast.checkpoints')
    await count(app, 'a')
    for (const projection of ['tally', 'entries']) {
      const { error } = await healthIn(app, projection, 'stopped')
      expect(error).toMatchObject({ code: 'HC_READ_MODEL_CHANGED', message: expect.stringMatching(deleted) })
    }
    expect(await app.view(Tally).get('a')).toMatchObject({ count: 1 })
    expect(await app.view(Entries).query('select counter from entries')).toEqual([{ counter: 'a' }])
    const { ready, live, reasons } = await app.health()
    expect({ ready, live }).toEqual({ ready: true, live: true })
    expect(reasons[0]).toMatch(deleted)
  })

  it('by deleting a checkpoint while nobody works: the next worker does not begin', async () => {
    await using first = await shop.start(projections)
    await first.view(Tally).get('a', { atLeast: await count(first, 'a') })
    await first.stop()
    await shop.byHand('delete from hindcast.checkpoints')
    await using app = await shop.start(projections)
    const { error } = await healthIn(app, 'tally', 'stopped')
    expect(error).toMatchObject({ code: 'HC_READ_MODEL_CHANGED', message: expect.stringMatching(deleted) })
    expect(await app.view(Tally).get('a')).toMatchObject({ count: 1 })
  })

  it.each([0, 12, 1_000])(
    'by setting a checkpoint to %d under a worker: the database refuses it, and 21 events give 21',
    async next => {
      await using app = await shop.start(projections)
      for (let i = 0; i < 19; i++) await count(app, 'a')
      const before = { atLeast: await count(app, 'a') }
      await app.view(Tally).get('a', before)
      await app.view(Entries).query('select 1', [], before)
      const set = shop.byHand(`update hindcast.checkpoints set next = ${next}`)
      await expect(set).rejects.toMatchObject({ message: expect.stringMatching(/rebuild_instead/) })
      const atLeast = await count(app, 'a')
      expect(await app.view(Tally).get('a', { atLeast })).toMatchObject({ count: 21 })
      const entries = await app.view(Entries).query('select * from entries', [], { atLeast })
      expect(entries).toHaveLength(21)
    },
  )

  it('by deleting everything that is known of a version with its tables: it is folded anew', async () => {
    await using first = await shop.start(projections)
    await first.view(Tally).get('a', { atLeast: await count(first, 'a') })
    await first.stop()
    await shop.byHand(
      'delete from hindcast.checkpoints; delete from hindcast.projections; delete from hindcast.views; ' +
        'drop schema tally_v1 cascade; drop schema entries_v1 cascade',
    )
    await using app = await shop.start(projections)
    expect(await app.view(Tally).get('a', { atLeast: await count(app, 'a') })).toMatchObject({ count: 2 })
  })

  it.each([
    ['drop table tally_v1.tally cascade', /relation "tally_v1\.tally" does not exist; .*Raise the version/],
    ['drop schema tally_v1 cascade', /relation "tally_v1\.tally" does not exist; .*Raise the version/],
    ['alter table tally_v1.tally drop column count cascade', /schema tally_v1: .*"count".*Raise the version/],
    ['alter table tally_v1.tally drop constraint tally_pkey', /schema tally_v1: .*ON CONFLICT.*Raise/],
    ['alter table tally_v1.tally add check (count < 2)', /schema tally_v1: .*check.*Raise the version/],
    ['drop table hindcast.checkpoints', /"hindcast\.checkpoints" does not exist; .*schema hindcast.*backup/],
  ])('under a worker with %s: it stops, and says what is wrong and what to do', async (change, said) => {
    await using app = await shop.start([Tally])
    await app.view(Tally).get('a', { atLeast: await count(app, 'a') })
    await shop.byHand(change)
    await count(app, 'a')
    const { error } = await healthIn(app, 'tally', 'stopped')
    expect(error).toMatchObject({ code: 'HC_READ_MODEL_CHANGED', message: expect.stringMatching(said) })
  })

  it('and whose bookkeeping is of an older format: it is refused and left as it is', async () => {
    await using first = await shop.start(projections)
    await first.stop()
    await shop.byHand('update hindcast.format set format = 2')
    await expect(shop.start(projections)).rejects.toMatchObject({
      code: 'HC_READ_MODEL_OLDER',
      message: expect.stringMatching(/format 2.*Drop the schemas/),
    })
  })
})
