import { afterEach, beforeEach, expect, it } from 'vitest'
import { count, Shop, Tally, TallyTenfold } from '../setup/apps.js'
import { sqlSuite, type TestDatabase } from '../setup/databases.js'

sqlSuite('what was read before', ({ make }) => {
  let database: TestDatabase
  let shop: Shop

  beforeEach(async () => {
    database = await make()
    shop = await Shop.open(database, 3)
  })
  afterEach(async () => {
    await database[Symbol.asyncDispose]()
  })

  it('is kept up to date by its workers, and a roll-back reads it again, to and fro', async () => {
    await using app = await shop.start([Tally, TallyTenfold])
    await count(app, 'a')
    await app.readModels.rebuild(TallyTenfold)
    await app.view(TallyTenfold).get('a', { atLeast: await count(app, 'a') })
    expect(await app.readModels.rollback('tally')).toMatchObject({
      version: 1,
      schema: 'tally_v1',
      kept: 'tally_v2',
    })
    expect(await shop.read('tally')).toEqual([['a', '2']])
    await app.view(Tally).get('a', { atLeast: await count(app, 'a') })
    expect(await app.readModels.rollback(Tally)).toMatchObject({ version: 2, schema: 'tally_v2' })
    expect(await shop.read('tally')).toEqual([['a', '30']])
  })

  it.each([
    ['by another version', TallyTenfold],
    ['by the same version, whose schemas change names', Tally],
  ])('%s is read again once, however often that is asked for', async (_, swappedIn) => {
    await using app = await shop.start([Tally, TallyTenfold])
    await count(app, 'a')
    await app.readModels.rebuild(swappedIn)
    const [active] = (await app.readModels.versions()).filter(({ role }) => role === 'active')
    const readSince = active!.since
    await app.readModels.rollback('tally', { readSince })
    const done = await app.readModels.versions()
    await expect(app.readModels.rollback('tally', { readSince })).rejects.toMatchObject({
      code: 'HC_OPERATION_REFUSED',
      message: expect.stringMatching(/since \S+Z, and not since \S+Z/) as string,
    })
    const cut = expect.anything() as unknown
    expect(await app.readModels.versions()).toMatchObject(
      done.map(({ schema, role, since }) => ({ schema, role, since, cut })),
    )
  })

  it('by the same version is caught up before it is read again', async () => {
    await using app = await shop.start([Tally])
    await count(app, 'a')
    await app.readModels.rebuild(Tally)
    const atLeast = await count(app, 'a')
    await app.view(Tally).get('a', { atLeast })
    expect(await app.readModels.rollback(Tally)).toMatchObject({
      schema: 'tally_v1',
      kept: 'tally_v1_before',
    })
    expect(await shop.read('tally')).toEqual([['a', '2']])
    expect(await app.view(Tally).get('a', { atLeast: await count(app, 'a') })).toMatchObject({ count: 3 })
  })

  it('is not read again while it is behind and nobody here knows its class', async () => {
    await using first = await shop.start([Tally, TallyTenfold])
    await first.view(Tally).get('a', { atLeast: await count(first, 'a') })
    await first.readModels.rebuild(TallyTenfold)
    await first.stop()
    await using app = await shop.start([TallyTenfold])
    expect(await app.readModels.rollback('tally')).toMatchObject({ schema: 'tally_v1' })
    await app.readModels.rollback('tally')
    await app.view(TallyTenfold).get('a', { atLeast: await count(app, 'a') })
    await expect(app.readModels.rollback('tally')).rejects.toMatchObject({
      code: 'HC_OPERATION_REFUSED',
      message: expect.stringMatching(/tally_v1 does not stand at .*:\d+ yet.*class of version 1/),
    })
    expect(await shop.read('tally')).toEqual([['a', '20']])
  })

  it('is refused where there is nothing, by the names of what there is', async () => {
    await using app = await shop.start([Tally])
    const refused = { code: 'HC_OPERATION_REFUSED' }
    await expect(app.readModels.rollback(Tally)).rejects.toMatchObject(refused)
    await expect(app.readModels.release(Tally, { schema: 'tally_v1' })).rejects.toMatchObject({
      ...refused,
      message: expect.stringMatching(/tally_v1 is what readers read/),
    })
    await expect(app.readModels.release(Tally, { schema: 'nowhere' })).rejects.toMatchObject(refused)
    await expect(app.readModels.rollback('talley')).rejects.toMatchObject({ code: 'HC_PROJECTION_UNKNOWN' })
    await expect(app.readModels.rebuild(TallyTenfold)).rejects.toMatchObject({
      code: 'HC_PROJECTION_UNKNOWN',
    })
  })

  it('goes when it is released, with its tables; a version that is on its way and copies stay', async () => {
    await using app = await shop.start([Tally, TallyTenfold])
    await count(app, 'a')
    await app.readModels.rebuild(Tally)
    await app.readModels.copy(Tally, { into: 'then' })
    expect(await app.readModels.release(Tally)).toEqual(['tally_v1_before'])
    expect((await app.readModels.versions()).map(({ schema, role }) => `${schema} ${role}`)).toEqual([
      'tally_v1 active',
      'then copy',
      'tally_v2 building',
    ])
    expect(await app.readModels.release(Tally, { schema: 'then' })).toEqual(['then'])
    expect(await shop.byHand(`select to_regnamespace('then'), to_regnamespace('tally_v1_before')`)).toEqual([
      [null, null],
    ])
  })

  it('stays when somebody has made a view on its tables, which the refusal names', async () => {
    await using app = await shop.start([Tally])
    await app.readModels.rebuild(Tally)
    await shop.byHand('create view public.mine as select * from tally_v1_before.tally')
    await expect(app.readModels.release(Tally)).rejects.toMatchObject({
      code: 'HC_OPERATION_REFUSED',
      message: expect.stringMatching(/public\.mine/),
    })
  })
})
