import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import {
  memory,
  memoryReadModels,
  MemoryReadModelStore,
  memoryOwnership,
  park,
  Projection,
  RowProjection,
  startProjections,
  Upsert,
  type App,
  type AppHealth,
  type ReadModelsFactory,
  type StartOptions,
} from '../../src/index.js'
import { Add, Added } from '../command/counter.js'
import { signal, startCounters } from '../command/harness.js'
import { TotalRow } from '../projection/bank.js'
import { transacting } from '../projection/log.js'

@Projection('sums', { version: 1, row: TotalRow, onFailure: park() })
class Sums extends RowProjection<TotalRow> {
  @Upsert(Added) added(row: TotalRow | undefined, event: Added, _: unknown, key: string): TotalRow {
    if (event.amount === 13) throw new Error('thirteen')
    return { name: key, deposits: (row?.deposits ?? 0) + 1, cents: (row?.cents ?? 0n) + BigInt(event.amount) }
  }
}
@Projection('strict', { version: 1, row: TotalRow })
class Strict extends RowProjection<TotalRow> {
  @Upsert(Added) added(_: TotalRow | undefined, event: Added, __: unknown, key: string): TotalRow {
    if (event.amount === 13) throw new Error('thirteen')
    return { name: key, deposits: 1, cents: 1n }
  }
}

const start = (options: Partial<StartOptions>): Promise<App> =>
  startCounters({ store: memory({ logId: 'counters', partitions: 1 }), projections: [Sums], ...options })

async function healthOnce(app: App, wanted: (health: AppHealth) => boolean): Promise<AppHealth> {
  for (;;) {
    const health = await app.health()
    if (wanted(health)) return health
    await nextTurn()
  }
}

/** Read models whose transactions are done as one likes. */
const readModels =
  (transact: (store: MemoryReadModelStore) => MemoryReadModelStore['transact']): ReadModelsFactory =>
  host => {
    const store = new MemoryReadModelStore()
    const ownership = memoryOwnership()
    return startProjections({
      host,
      store: transacting(store, transact(store)),
      ownershipOf: () => ownership,
    })
  }

describe('the health of an app', () => {
  it('is ready when its projections have caught up once, and says how far behind they are before', async () => {
    const goOn = signal()
    const now = new Date('2026-05-01T12:00:10Z')
    const clock = { now: () => now }
    const store = memory({ logId: 'counters', partitions: 1 })
    {
      await using writer = await startCounters({
        store,
        clock: { now: () => new Date('2026-05-01T12:00:00Z') },
      })
      for (let i = 0; i < 3; i++) await writer.execute('c', Add.of({ amount: 1 }))
    }
    await using app = await start({
      store,
      clock,
      readModels: readModels(inner => (fence, work) => goOn.reached.then(() => inner.transact(fence, work))),
    })
    const behind = await app.health()
    expect(behind).toMatchObject({
      live: true,
      ready: false,
      reasons: ['projection "sums" in partition 0 of log counters catches up, 4 records behind'],
      projections: [
        {
          state: 'catching-up',
          here: true,
          owner: expect.stringMatching(new RegExp(`.+:${process.pid}$`)) as string,
          settled: false,
          checkpoint: 0n,
          end: 4n,
          lagEvents: 4,
          lagMs: 10_000,
          eventsPerSecond: 0,
          parked: 0,
        },
      ],
    })
    goOn.reach()
    const ready = await healthOnce(app, ({ projections }) => projections[0]!.state === 'live')
    expect(ready).toMatchObject({ live: true, ready: true, reasons: [] })
    expect(ready.projections[0]).toMatchObject({ lagEvents: 0, lagMs: 0, eventsPerSecond: 3 })
  })

  it('stays live and ready when an event is parked or stops a projection, and says so', async () => {
    await using app = await start({ projections: [Sums, Strict] })
    await app.execute('c', Add.of({ amount: 13 }))
    const health = await healthOnce(
      app,
      ({ projections: [sums, strict] }) => sums!.parked === 1 && strict!.state === 'stopped',
    )
    expect(health).toMatchObject({
      live: true,
      ready: true,
      reasons: [
        'projection "sums" in partition 0 of log counters has 1 parked event',
        expect.stringMatching(
          /^projection "strict" in partition 0 of log counters has stopped \(.*\): .*thirteen/,
        ),
      ],
    })
  })

  it('is not live when a worker has died of something unforeseen', async () => {
    await using app = await start({
      readModels: readModels(() => () => Promise.reject(new TypeError('x is not a function'))),
    })
    const health = await healthOnce(app, ({ live }) => !live)
    expect(health).toMatchObject({
      live: false,
      ready: false,
      reasons: [expect.stringMatching(/x is not a function/)],
    })
  })

  it('knows what workers of other processes do, and that there are none', async () => {
    const shared = { store: memory({ logId: 'counters', partitions: 1 }), readModels: memoryReadModels() }
    await using viewer = await start({ ...shared, run: 'commands' })
    expect(await viewer.health()).toMatchObject({
      live: true,
      ready: true,
      reasons: ['projection "sums" in partition 0 of log counters has no worker'],
    })
    await using worker = await start({ ...shared, run: 'workers' })
    await viewer.execute('c', Add.of({ amount: 1 }))
    const { projections } = await healthOnce(viewer, ({ projections: [each] }) => each!.state === 'live')
    expect(projections[0]).toMatchObject({
      here: false,
      owner: expect.stringMatching(new RegExp(`:${process.pid}$`)) as string,
      eventsPerSecond: expect.any(Number) as number,
    })
    expect((await worker.health()).projections[0]).toMatchObject({ here: true })
  })
})
