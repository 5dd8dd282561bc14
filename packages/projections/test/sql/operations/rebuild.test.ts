import type { App, BuildPhase } from '@hindcast/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { count, Entries, Shop, Tally, TallyTenfold } from '../setup/apps.js'
import { sqlSuite, type TestDatabase } from '../setup/databases.js'

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

sqlSuite('a rebuild', ({ make }) => {
  let database: TestDatabase
  let shop: Shop

  beforeEach(async () => {
    database = await make()
    shop = await Shop.open(database, 3)
  })
  afterEach(async () => {
    await database[Symbol.asyncDispose]()
  })

  async function countAll(app: App, times: number): Promise<void> {
    for (let time = 0; time < times; time++) for (const key of KEYS) await count(app, key, String(time))
  }

  it('of a new version reads it after the swap, keeps the old one, and ordinary workers go on with both', async () => {
    await using app = await shop.start([Tally, TallyTenfold])
    await countAll(app, 3)
    const phases = new Set<BuildPhase>()
    const result = await app.readModels.rebuild(TallyTenfold, {
      onProgress: ({ phase }) => phases.add(phase),
    })
    expect(result).toMatchObject({
      projection: 'tally',
      version: 2,
      schema: 'tally_v2',
      kept: 'tally_v1',
      leftOut: { parked: 0, skipped: 0 },
    })
    expect([...phases]).toEqual(['building', 'catching-up', 'swapping'])
    expect(await shop.read('tally')).toEqual(KEYS.map(key => [key, '30']))
    const atLeast = await count(app, 'a')
    expect(await app.view(TallyTenfold).get('a', { atLeast })).toMatchObject({ count: 40 })
    expect(await app.view(Tally).get('a', { atLeast })).toMatchObject({ count: 4 })
    expect(await shop.read('tally')).toContainEqual(['a', '40'])
    const versions = await app.readModels.versions()
    expect(versions).toMatchObject([
      { schema: 'tally_v1', role: 'kept' },
      { schema: 'tally_v2', role: 'active' },
    ])
    expect(versions.every(({ build }) => build === undefined)).toBe(true)
  })

  it('of the version that is read gives the same rows, and says so', async () => {
    await using app = await shop.start([Tally, Entries])
    await countAll(app, 3)
    for (const type of [Tally, Entries]) {
      const result = await app.readModels.rebuild(type)
      expect(result.comparison).toMatchObject({ differentRows: 0, first: [] })
      expect(result).toMatchObject({ version: 1, resumed: false })
    }
    const atLeast = await count(app, 'a', 'after')
    expect(await app.view(Tally).get('a', { atLeast })).toMatchObject({ count: 4 })
    await app.view(Entries).query('select 1', [], { atLeast })
    expect(await shop.read('tally')).toEqual(KEYS.map(key => [key, key === 'a' ? '4' : '3']))
    expect(await shop.read('entries')).toHaveLength(KEYS.length * 3 + 1)
    expect((await app.readModels.versions()).map(({ schema, role }) => `${schema} ${role}`)).toEqual([
      'entries_v1 active',
      'entries_v1_before kept',
      'tally_v1 active',
      'tally_v1_before kept',
    ])
  })

  it('of rows that somebody damaged names the differences, and swaps only when they are accepted', async () => {
    await using app = await shop.start([Tally])
    await countAll(app, 2)
    await app.view(Tally).get('g', { atLeast: await count(app, 'g') })
    await app.readModels.rebuild(Tally)
    await shop.byHand(
      `update tally_v1.tally set count = 99 where id = 'b'; delete from tally_v1.tally where id = 'c'`,
    )
    const refused = app.readModels.rebuild(Tally)
    await expect(refused).rejects.toMatchObject({
      code: 'HC_REBUILD_DIFFERS',
      comparison: {
        differentRows: 2,
        first: [
          { table: 'tally', row: '{"id": "b"}', column: 'count', before: '99', after: '2' },
          { table: 'tally', row: '{"id": "c"}', after: '{"id": "c", "count": 2}' },
        ],
      },
    })
    expect(await shop.read('tally')).toContainEqual(['b', '99'])
    const waiting = async () => (await app.readModels.versions()).map(({ build }) => build?.waitsFor)
    expect(await waiting()).toContainEqual({ differentRows: 2, parked: 0, skipped: 0 })
    const result = await app.readModels.rebuild(Tally, { acceptDifferences: true })
    expect(result).toMatchObject({ resumed: true, comparison: { differentRows: 2 } })
    expect(await shop.read('tally')).toContainEqual(['b', '2'])
    expect(await shop.read('tally')).toContainEqual(['c', '2'])
    expect((await waiting()).filter(Boolean)).toEqual([])
  })
})
