import { ContainerModule } from 'inversify'
import { describe, expect, it } from 'vitest'
import { Hindcast, Projection, RowProjection, Upsert, type StartOptions } from '../../src/index.js'
import { Add, Added, Counter, GATE } from '../command/counter.js'
import { TotalRow } from '../projection/bank.js'

@Projection('sums', { version: 1, row: TotalRow })
class SumsV1 extends RowProjection<TotalRow> {
  @Upsert(Added) added(_: TotalRow | undefined, event: Added, __: unknown, key: string): TotalRow {
    return { name: key, deposits: 1, cents: BigInt(event.amount) }
  }
}
@Projection('sums', { version: 2, row: TotalRow })
class Sums extends RowProjection<TotalRow> {
  @Upsert(Added) added(_: TotalRow | undefined, event: Added, __: unknown, key: string): TotalRow {
    return { name: key, deposits: 1, cents: BigInt(event.amount) * 10n }
  }
}
const gate = new ContainerModule(({ bind }) => void bind(GATE).toConstantValue({} as never))
const OPTIONS: StartOptions = {
  modules: [gate],
  aggregates: [Counter],
  projections: [SumsV1, Sums],
  log: false,
}

describe('read models in memory', () => {
  it('refuse every operation by a code', async () => {
    await using app = await Hindcast.start({ ...OPTIONS, aggregates: [], projections: [] })
    const refused = { code: 'HC_OPERATIONS_UNSUPPORTED' }
    await expect(app.readModels.rebuild(Sums)).rejects.toMatchObject(refused)
    await expect(app.readModels.copy(Sums, { into: 'then' })).rejects.toMatchObject(refused)
    await expect(app.readModels.rollback('sums')).rejects.toMatchObject(refused)
    await expect(app.readModels.release('sums')).rejects.toMatchObject(refused)
    await expect(app.readModels.versions()).rejects.toMatchObject(refused)
  })
})

describe('two versions of one projection', () => {
  it('run in one app, each with its rows', async () => {
    await using app = await Hindcast.start(OPTIONS)
    const { position: atLeast } = await app.execute('a', Add.of({ amount: 3 }))
    expect(await app.view(SumsV1).get('a', { atLeast })).toMatchObject({ cents: 3n })
    expect(await app.view(Sums).get('a', { atLeast })).toMatchObject({ cents: 30n })
  })
})
