import { ContainerModule } from 'inversify'
import { describe, expect, it } from 'vitest'
import {
  Hindcast,
  memory,
  memoryReadModels,
  openReadModels,
  park,
  Projection,
  projectionNamed,
  RowProjection,
  Upsert,
  type StartOptions,
} from '../../src/index.js'
import { Add, Added, Counter, GATE } from '../command/counter.js'
import { TotalRow } from '../projection/bank.js'

@Projection('sums', { version: 1, row: TotalRow, onFailure: park() })
class Sums extends RowProjection<TotalRow> {
  @Upsert(Added) added(_: TotalRow | undefined, event: Added, __: unknown, key: string): TotalRow {
    if (event.amount === 13) throw new Error('thirteen')
    return { name: key, deposits: 1, cents: BigInt(event.amount) }
  }
}
@Projection('sums', { version: 2, row: TotalRow })
class NewSums extends RowProjection<TotalRow> {
  @Upsert(Added) added(): TotalRow {
    return { name: 'all', deposits: 1, cents: 1n }
  }
}

describe('opening the read models of an app', () => {
  it('shows beside the running app what its workers do, and asks them for what is to be mended', async () => {
    const options = bank()
    await using app = await Hindcast.start(options)
    const { position } = await app.execute('c', Add.of({ amount: 13 }))
    await app
      .view(Sums)
      .get('c', { atLeast: position })
      .catch(() => undefined)
    await using opened = await openReadModels(options)
    const [standing] = await opened.runtime.health()
    expect(standing).toMatchObject({ projection: 'sums', here: false, lagEvents: 0, parked: 1 })
    const [event] = await opened.runtime.parked(Sums).list()
    expect(await opened.eventAt(event!)).toMatchObject({
      recorded: { type: 'counter.added', offset: event!.offset },
      decoded: [{ event: { amount: 13 } }],
    })
    expect(await opened.eventAt({ ...event!, log: 'elsewhere' })).toBeUndefined()
    expect(await opened.runtime.parked(Sums).drop(['c'], 'a test')).toMatchObject({ dropped: 1, open: [] })
  })

  it('makes nothing: a version that no app has made is unowned, and the next one is shown all the same', async () => {
    const options = bank()
    await using app = await Hindcast.start(options)
    await using opened = await openReadModels({ ...options, projections: [NewSums, Sums] })
    const [missing, there] = await opened.runtime.health()
    expect(missing).toMatchObject({ version: 2, state: 'unowned', error: { code: 'HC_READ_MODEL_MISSING' } })
    expect(there).toMatchObject({ version: 1, here: false })
    expect(there!.error).toBeUndefined()
    await expect(opened.runtime.parked(NewSums).list()).rejects.toMatchObject({
      code: 'HC_READ_MODEL_MISSING',
    })
    await using again = await openReadModels({ ...options, projections: [NewSums] })
    expect((await again.runtime.health())[0]!.error).toMatchObject({ code: 'HC_READ_MODEL_MISSING' })
    expect(app.store.partitions).toBe(1)
  })

  it('lists what is wrong with the declarations before anything is opened', async () => {
    const store = (): never => {
      throw new Error('opened')
    }
    const wrong = openReadModels({ store, aggregates: [], projections: [Sums] })
    await expect(wrong).rejects.toMatchObject({
      code: 'HC_START',
      problems: [expect.stringContaining('sums')],
    })
  })

  it('closes the log again where the read models cannot be opened', async () => {
    const { store: open, ...options } = bank()
    let closed = false
    const store: StartOptions['store'] = async host => {
      const opened = await open!(host)
      return Object.assign(opened, { [Symbol.asyncDispose]: async () => void (closed = true) })
    }
    const readModels = () => Promise.reject(new Error('no database'))
    await expect(openReadModels({ ...options, store, readModels })).rejects.toThrow('no database')
    expect(closed).toBe(true)
  })
})

describe('a projection by its name', () => {
  it('is the newest version of that name', () => {
    expect(projectionNamed([NewSums, Sums], 'sums')).toBe(NewSums)
  })

  it('is refused where there is none, with the nearest', () => {
    expect(() => projectionNamed([Sums], 'sum')).toThrow('Did you mean sums?')
    expect(() => projectionNamed([Sums], 'balances')).toThrow('add its class to projections: […]')
  })
})

/** An app whose log and read models several processes share. */
function bank(): StartOptions {
  const store = memory({ logId: 'counters', partitions: 1 })
  const gates = new ContainerModule(({ bind }) => {
    bind(GATE).toConstantValue(async () => undefined)
  })
  return {
    ...{ store, readModels: memoryReadModels(), aggregates: [Counter], projections: [Sums] },
    ...{ modules: [gates], log: false },
  }
}
