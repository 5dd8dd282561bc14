import { describe, expect, it } from 'vitest'
import {
  Aggregate,
  AggregateRoot,
  Apply,
  Command,
  Event,
  Handle,
  Hindcast,
  memory,
  memorySnapshots,
  type SnapshotStore,
} from '../../src/index.js'
import { eventsOf } from '../command/harness.js'

class Ticked extends Event('clock.ticked') {}
class Tick extends Command('clock.tick')<{ readonly ticks: number }> {}

@Aggregate('clock', { snapshotEvery: 1 })
class TickClock extends AggregateRoot<Ticked> {
  ticks = 0
  @Handle(Tick) tick() {
    this.emit(Ticked)
    return { ticks: this.ticks }
  }
  @Apply(Ticked) ticked() {
    this.ticks += 1
  }
}

/** The next release: the same fields and events, another fold. */
@Aggregate('clock', { snapshotEvery: 1 })
class TensClock extends AggregateRoot<Ticked> {
  ticks = 0
  @Handle(Tick) tick() {
    this.emit(Ticked)
    return { ticks: this.ticks }
  }
  @Apply(Ticked) ticked() {
    this.ticks += 10
  }
}

const broken = (over: Partial<SnapshotStore>): SnapshotStore => ({
  load: async () => undefined,
  fingerprints: async () => [],
  save: async () => undefined,
  [Symbol.asyncDispose]: async () => undefined,
  ...over,
})
const start = (snapshots: SnapshotStore, store = memory(), commandTimeoutMs = 10_000) =>
  Hindcast.start({ store, snapshots, aggregates: [TickClock], commandTimeoutMs, log: false })

describe('a snapshot store is only a cache: losing it costs time, never truth', () => {
  it('when it cannot be read, the command loads all events', async () => {
    await using app = await start(broken({ load: async () => Promise.reject(new Error('cache is down')) }))
    expect((await app.execute('c', Tick.of())).result).toEqual({ ticks: 1 })
  })

  it('when a snapshot is damaged, the command loads all events', async () => {
    const store = memory()
    await using before = await start(broken({}), store)
    await before.execute('c', Tick.of())
    const lastEventId = (await eventsOf(before.store, 'clock-c'))[0]!.id
    await using app = await start(
      broken({
        load: async (stream, fingerprint) => ({
          stream,
          fingerprint,
          version: 0,
          lastEventId,
          state: '{"ticks":',
        }),
      }),
      store,
    )
    expect((await app.execute('c', Tick.of())).result).toEqual({ ticks: 2 })
  })

  it('when saving throws at once, the command that is durable does not reject', async () => {
    await using app = await start(
      broken({
        save: () => {
          throw new Error('no connection')
        },
      }),
    )
    const outcome = await app.execute('c', Tick.of()).catch((error: unknown) => error)
    expect(await eventsOf(app.store, 'clock-c')).toHaveLength(1)
    expect(outcome).toMatchObject({ version: 0 })
  })

  it('when it never answers, the command ends within its time', async () => {
    const app = await start(broken({ load: () => new Promise(() => undefined) }), memory(), 50)
    // What hangs, hangs until the time of this test is up.
    expect(await Promise.allSettled([app.execute('c', Tick.of())])).toHaveLength(1)
  })

  it('a snapshot of a build that folds differently is not read', async () => {
    const store = memory()
    const snapshots: SnapshotStore = { ...memorySnapshots(), [Symbol.asyncDispose]: async () => undefined }
    await using old = await start(snapshots, store)
    await old.execute('c', Tick.of())
    await using next = await Hindcast.start({ store, snapshots, aggregates: [TensClock], log: false })
    expect((await next.execute('c', Tick.of())).result).toEqual({ ticks: 20 })
  })
})
