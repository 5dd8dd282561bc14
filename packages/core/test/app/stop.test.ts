import { describe, expect, it } from 'vitest'
import {
  memory,
  memoryOwnership,
  memorySnapshots,
  MemoryReadModelStore,
  Projection,
  RowProjection,
  startProjections,
  Upsert,
  type StopSignal,
} from '../../src/index.js'
import { Add, Added, Look, Slow } from '../command/counter.js'
import { signal, startCounters, totalInLog } from '../command/harness.js'
import { TotalRow } from '../projection/bank.js'
import { transacting } from '../projection/log.js'

@Projection('sums', { version: 1, row: TotalRow })
class Sums extends RowProjection<TotalRow> {
  @Upsert(Added) added(row: TotalRow | undefined, event: Added): TotalRow {
    return { name: 'c', deposits: (row?.deposits ?? 0) + 1, cents: (row?.cents ?? 0n) + BigInt(event.amount) }
  }
}

describe('stopping an app', () => {
  it('finishes the commands under way, refuses new ones, and says so to a probe', async () => {
    const inHand = signal()
    const goOn = signal()
    const store = memory()
    const app = await startCounters({
      store,
      gate: async () => {
        inHand.reach()
        await goOn.reached
      },
    })
    const slow = app.execute('c', Slow.of())
    await inHand.reached
    expect(await app.health()).toMatchObject({ live: true, ready: true, reasons: [] })
    const stopping = app.stop()
    await expect(app.execute('d', Add.of({ amount: 1 }))).rejects.toMatchObject({ code: 'HC_APP_STOPPED' })
    expect(await app.health()).toMatchObject({ live: true, ready: false, reasons: ['the app is stopping'] })
    goOn.reach()
    await stopping
    expect((await slow).result).toEqual({ total: 1 })
    expect(await app.health()).toEqual({
      live: false,
      ready: false,
      reasons: ['the app has stopped'],
      projections: [],
    })
  })

  it('names the commands that do not end in time, and closes the store under them', async () => {
    const inHand = signal()
    const goOn = signal()
    const store = memory()
    const app = await startCounters({
      store,
      drainTimeoutMs: 30,
      gate: async () => {
        inHand.reach()
        await goOn.reached
      },
    })
    const slow = app.execute('c', Slow.of()).catch((error: unknown) => error)
    await inHand.reached
    await expect(app.stop()).rejects.toMatchObject({
      code: 'HC_APP_STOP_TIMEOUT',
      message: expect.stringMatching(/did not finish within 30 ms/) as string,
      left: [expect.stringMatching(/^command "counter\.slow" on stream "counter-c", \d+ ms under way$/)],
    })
    goOn.reach()
    expect(await slow).toMatchObject({ code: 'HC_STORE_CLOSED' })
    await using after = await startCounters({ store })
    expect(await totalInLog(after.store, 'counter-c')).toBe(0)
  })

  it('names the batches that do not end in time', async () => {
    const inHand = signal()
    const goOn = signal()
    const app = await startCounters({
      store: memory({ logId: 'counters', partitions: 1 }),
      drainTimeoutMs: 30,
      projections: [Sums],
      readModels: host => {
        const store = new MemoryReadModelStore()
        const ownership = memoryOwnership()
        const held = transacting(store, async (fence, work) => {
          inHand.reach()
          await goOn.reached
          return store.transact(fence, work)
        })
        return startProjections({ host, store: held, ownershipOf: () => ownership })
      },
    })
    await inHand.reached
    await expect(app.stop()).rejects.toMatchObject({
      code: 'HC_APP_STOP_TIMEOUT',
      left: ['projection "sums" folds partition 0 of log counters from offset 0 on'],
    })
    goOn.reach()
  })

  it('leaves snapshots open that the caller brought', async () => {
    const snapshots = memorySnapshots()
    let closed = 0
    const shared = Object.assign(Object.create(snapshots) as typeof snapshots, {
      [Symbol.asyncDispose]: async () => void closed++,
    })
    const app = await startCounters({ snapshots: shared })
    await app.stop()
    expect(closed).toBe(0)
  })

  it.each([
    [{ drainTimeoutMs: 0 }, /drainTimeoutMs is 0/],
    [{ stopOn: ['SIGKILL' as StopSignal] }, /stopOn has "SIGKILL"; it takes SIGTERM/],
  ])('is refused at start with %j', async (options, problem) => {
    await expect(startCounters(options)).rejects.toMatchObject({
      code: 'HC_START',
      problems: [expect.stringMatching(problem)],
    })
  })

  it('listens to signals only as long as the app runs', async () => {
    const before = process.listenerCount('SIGUSR2')
    const app = await startCounters({ stopOn: ['SIGUSR2'] })
    expect(process.listenerCount('SIGUSR2')).toBe(before + 1)
    await app.execute('c', Look.of())
    await app.stop()
    expect(process.listenerCount('SIGUSR2')).toBe(before)
  })
})
