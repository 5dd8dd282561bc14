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
  type EventStore,
  type EventStoreFactory,
  type Snapshot,
} from '../../src/index.js'

class Ticked extends Event('clock.ticked') {}
class Tick extends Command('clock.tick')<number> {}
class Read extends Command('clock.read')<{ readonly ticks: number; readonly last: string }> {}

@Aggregate('clock', { snapshotEvery: 10 })
class Ticker extends AggregateRoot<Ticked> {
  ticks = 0
  last = new Date(0)
  @Handle(Tick) tick() {
    this.emit(Ticked)
    return this.ticks
  }
  @Handle(Read) read() {
    return { ticks: this.ticks, last: this.last.toISOString() }
  }
  @Apply(Ticked) ticked() {
    this.ticks++
  }
}
@Aggregate('dated')
class Dated extends AggregateRoot<Ticked> {
  times: number[] = []
  @Handle(Tick) tick() {
    this.emit(Ticked)
    return this.times.length
  }
  @Apply(Ticked) ticked(_: Ticked, meta: { readonly time: Date }) {
    this.times.push(meta.time.getTime())
  }
}

/** A store that tells from where streams are read. */
function watched(factory: EventStoreFactory, reads: number[]): EventStoreFactory {
  return async host => {
    const store = await factory(host)
    const readStream: EventStore['readStream'] = (stream, options) => {
      if (options?.limit === undefined) reads.push(options?.from ?? 0)
      return store.readStream(stream, options)
    }
    return new Proxy(store, {
      get: (target, name) => {
        if (name === 'readStream') return readStream
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      },
    })
  }
}

describe('an aggregate with a snapshot policy', () => {
  it('is loaded from its newest snapshot and the events behind it', async () => {
    const store = memory()
    const snapshots = memorySnapshots()
    await using writer = await Hindcast.start({ store, snapshots, aggregates: [Ticker], log: false })
    for (let i = 0; i < 25; i++) await writer.execute('c', Tick.of())
    const reads: number[] = []
    await using reader = await Hindcast.start({
      store: watched(store, reads),
      snapshots,
      aggregates: [Ticker],
      log: false,
    })
    expect((await reader.execute('c', Read.of())).result.ticks).toBe(25)
    expect(reads).toEqual([20])
  })

  it('is loaded from the log alone when the snapshot is ahead of a restored log', async () => {
    const snapshots = memorySnapshots()
    await using first = await Hindcast.start({ snapshots, aggregates: [Ticker], log: false })
    for (let i = 0; i < 12; i++) await first.execute('c', Tick.of())
    await using restored = await Hindcast.start({
      store: memory(),
      snapshots,
      aggregates: [Ticker],
      log: false,
    })
    expect((await restored.execute('c', Tick.of())).result).toBe(1)
  })

  it('does its work when snapshots cannot be saved', async () => {
    const broken = { ...memorySnapshots(), save: () => Promise.reject(new Error('disk full')) }
    await using app = await Hindcast.start({ snapshots: broken, aggregates: [Ticker], log: false })
    for (let i = 1; i <= 12; i++) expect((await app.execute('c', Tick.of())).result).toBe(i)
  })

  it('keeps the newest snapshot of a stream', async () => {
    const snapshots = memorySnapshots()
    const snapshot = (version: number): Snapshot => ({
      stream: 's-1',
      version,
      lastEventId: `event-${version}`,
      fingerprint: 'f',
      state: String(version),
    })
    await snapshots.save(snapshot(5))
    await snapshots.save(snapshot(4))
    expect(await snapshots.load('s-1', 'f')).toEqual(snapshot(5))
    expect(await snapshots.load('s-1', 'other')).toBeUndefined()
  })
})

describe('an aggregate whose state looks at the time', () => {
  it('has the time that the log recorded, also where the clock ran backwards', async () => {
    const store = memory()
    let now = 1_000
    const clock = { now: () => new Date(now) }
    await using app = await Hindcast.start({ store, clock, aggregates: [Dated], log: false })
    await app.execute('d', Tick.of())
    now = 10
    await app.execute('d', Tick.of())
    const times: number[] = []
    for await (const batch of app.store.readStream('dated-d')) times.push(...batch.map(event => event.time))
    expect(times).toEqual([1_000, 1_000])
    const seen: number[] = []
    @Aggregate('dated')
    class Spy extends Dated {
      @Apply(Ticked) override ticked(_: Ticked, meta: { readonly time: Date }) {
        seen.push(meta.time.getTime())
      }
    }
    await using spy = await Hindcast.start({ store, aggregates: [Spy], log: false })
    await spy.execute('d', Tick.of())
    expect(seen.slice(0, 2)).toEqual([1_000, 1_000])
  })
})
