import { describe, expect, it, onTestFinished } from 'vitest'
import {
  Aggregate,
  AggregateRoot,
  Apply,
  Command,
  Event,
  Field,
  Handle,
  Hindcast,
  LIMITS,
  memory,
  memorySnapshots,
  type OtherBuildsDiagnostic,
  type Snapshot,
  type SnapshotStore,
} from '../../src/index.js'
import { aggregateDefinition, type AggregateClass } from '../../src/aggregate/definition.js'
import { fingerprintOf, structurePart } from '../../src/aggregate/fingerprint.js'
import type { AggregateOptions } from '../../src/aggregate/aggregate.js'
import { channels } from '../../src/app/diagnostics.js'

class Counted extends Event('counter.counted') {}
class Count extends Command('counter.count')<number> {}
class Show extends Command('counter.show')<number> {}

function counter(options: AggregateOptions) {
  @Aggregate('counter', options)
  class Counter extends AggregateRoot<Counted> {
    count = 0
    @Handle(Count) add() {
      this.emit(Counted)
      return this.count
    }
    @Handle(Show) show() {
      return this.count
    }
    @Apply(Counted) counted() {
      this.count++
    }
  }
  return Counter
}

/** A snapshot store that shows what it is given. */
function noted(answer?: Snapshot): SnapshotStore & { readonly saved: Snapshot[] } {
  const saved: Snapshot[] = []
  return {
    saved,
    load: async () => answer,
    fingerprints: async () => (answer ? [answer.fingerprint] : []),
    save: async snapshot => void saved.push(snapshot),
    [Symbol.asyncDispose]: async () => undefined,
  }
}

async function counting(times: number, options: AggregateOptions, snapshots = noted(), store = memory()) {
  const Counter = counter(options)
  const app = await Hindcast.start({ store, snapshots, aggregates: [Counter], log: false })
  for (let i = 0; i < times; i++) await app.execute('c', Count.of())
  return { app, Counter, snapshots, versions: () => snapshots.saved.map(({ version }) => version) }
}

const fingerprint = (type: AggregateClass): string => fingerprintOf(aggregateDefinition(type))

describe('the snapshot policy of an aggregate', () => {
  it('every n events: takes one when n events came since the last', async () => {
    const { app, versions } = await counting(25, { snapshotEvery: 10 })
    await app.stop()
    expect(versions()).toEqual([9, 19])
  })

  it('every n events: takes one when a load had to fold as many', async () => {
    const store = memory()
    await (await counting(12, {}, noted(), store)).app.stop()
    const { app, versions } = await counting(0, { snapshotEvery: 10 }, noted(), store)
    expect((await app.execute('c', Show.of())).result).toBe(12)
    await app.stop()
    expect(versions()).toEqual([11])
  })

  it('on stop: takes one of each state in memory that moved since the last', async () => {
    const { app, versions, snapshots } = await counting(3, { snapshotOnStop: true })
    await app.execute('d', Count.of())
    expect(versions()).toEqual([])
    await app.stop()
    expect(snapshots.saved.map(({ stream, version }) => `${stream} ${version}`).toSorted()).toEqual([
      'counter-c 2',
      'counter-d 0',
    ])
  })

  it('on stop: takes none of a state that was only loaded from it', async () => {
    const { app, Counter, versions } = await counting(3, { snapshotOnStop: true, snapshotEvery: 3 })
    await app.stop()
    expect(versions()).toEqual([2])
    expect(Counter.name).toBe('Counter')
  })

  it('by hand: takes one now, and says at which version', async () => {
    const { app, Counter, snapshots } = await counting(4, { snapshotVersion: 1 })
    await using _ = app
    expect(snapshots.saved).toEqual([])
    expect(await app.snapshot(Counter, 'c')).toBe(3)
    expect(await app.snapshot(Counter, 'nobody')).toBe('none')
    expect(snapshots.saved).toMatchObject([{ stream: 'counter-c', version: 3, state: '{"count":4}' }])
  })

  it('by hand: is refused where nobody would read it, and by an app without the aggregate', async () => {
    const { app, Counter } = await counting(1, {})
    await using _ = app
    await expect(app.snapshot(Counter, 'c')).rejects.toMatchObject({ code: 'HC_SNAPSHOT_POLICY_MISSING' })
    await expect(app.snapshot(counter({ snapshotEvery: 1 }), 'c')).rejects.toMatchObject({
      code: 'HC_AGGREGATE_UNKNOWN',
    })
    await app.stop()
    await expect(app.snapshot(Counter, 'c')).rejects.toMatchObject({ code: 'HC_APP_STOPPED' })
  })

  it('is refused at start with a version that is no whole number, and with # fields', () => {
    @Aggregate('hidden', { snapshotOnStop: true, snapshotVersion: 0 })
    class Hidden extends AggregateRoot<Counted> {
      readonly #secret = 1
      @Handle(Show) show() {
        return this.#secret
      }
      @Apply(Counted) counted() {}
    }
    expect(aggregateDefinition(Hidden).problems).toEqual([
      'Hidden: snapshotVersion 0 is not a whole number of 1 or more',
      expect.stringContaining('private # fields'),
    ])
  })
})

describe('a snapshot', () => {
  it('names the event it was taken at, and counts only where the log has that event', async () => {
    const { app, snapshots } = await counting(5, { snapshotEvery: 5 })
    const [taken] = snapshots.saved
    const ids: string[] = []
    for await (const batch of app.store.readStream('counter-c')) ids.push(...batch.map(({ id }) => id))
    await app.stop()
    expect(taken).toMatchObject({ version: 4, lastEventId: ids[4] })

    const otherHistory = { ...taken!, state: '{"count":500}' }
    const restored = await counting(7, { snapshotEvery: 5 }, noted(otherHistory))
    expect((await restored.app.execute('c', Show.of())).result).toBe(7)
    await restored.app.stop()
  })

  it('of another stream or build that a store gives in error is not used', async () => {
    const store = memory()
    const first = await counting(5, { snapshotEvery: 5 }, noted(), store)
    await first.app.stop()
    const lie = { ...first.snapshots.saved[0]!, fingerprint: 'another', state: '{"count":500}' }
    const { app } = await counting(0, { snapshotEvery: 5 }, noted(lie), store)
    expect((await app.execute('c', Show.of())).result).toBe(5)
    await app.stop()
  })

  it('whose state is damaged is told of, and the events are folded', async () => {
    for (const state of ['{"count":', '[]', 'null', '{"count":{"$":[]}']) {
      const store = memory()
      const first = await counting(5, { snapshotEvery: 5 }, noted(), store)
      await first.app.stop()
      const errors: unknown[] = []
      const listener = (message: unknown): void => void errors.push((message as { error: unknown }).error)
      channels.snapshotFailed.subscribe(listener)
      const damaged = noted({ ...first.snapshots.saved[0]!, state })
      const { app } = await counting(0, { snapshotEvery: 5 }, damaged, store)
      expect((await app.execute('c', Show.of())).result).toBe(5)
      await app.stop()
      channels.snapshotFailed.unsubscribe(listener)
      expect(errors).toMatchObject([{ code: 'HC_SNAPSHOT_DAMAGED' }])
    }
  })

  it('of a state that is too large is left out, and told of', async () => {
    @Aggregate('large', { snapshotEvery: 1 })
    class Large extends AggregateRoot<Counted> {
      text = ''
      @Handle(Count) add() {
        this.emit(Counted)
        return 1
      }
      @Apply(Counted) counted() {
        this.text = 'ä'.repeat(LIMITS.maxSnapshotBytes / 2)
      }
    }
    const snapshots = noted()
    await using app = await Hindcast.start({ snapshots, aggregates: [Large], log: false })
    await app.execute('l', Count.of())
    await expect(app.snapshot(Large, 'l')).rejects.toMatchObject({ code: 'HC_LIMIT_EXCEEDED' })
    expect(snapshots.saved).toEqual([])
  })
})

describe('saving snapshots', () => {
  it('waits for nothing, and leaves out what the store cannot keep up with', async () => {
    const errors: unknown[] = []
    const listener = (message: unknown): void => void errors.push((message as { error: unknown }).error)
    channels.snapshotFailed.subscribe(listener)
    const snapshots = { ...noted(), save: () => new Promise<void>(() => undefined) }
    @Aggregate('heavy', { snapshotEvery: 1 })
    class Heavy extends AggregateRoot<Counted> {
      text = 'x'.repeat(400_000)
      @Handle(Count) add() {
        this.emit(Counted)
        return 1
      }
      @Apply(Counted) counted() {}
    }
    const app = await Hindcast.start({ snapshots, aggregates: [Heavy], log: false, drainTimeoutMs: 200 })
    for (let i = 0; i < 64 + 41 + 1; i++) await app.execute(`h${i}`, Count.of())
    await app.stop()
    channels.snapshotFailed.unsubscribe(listener)
    expect(errors).toMatchObject([{ code: 'HC_SNAPSHOT_BACKLOG' }])
  })
})

describe('the fingerprint of an aggregate', () => {
  it('tells versions, fields and the classes of fields apart', () => {
    class Money {
      cents = 0
    }
    class Sum {
      @Field(Money) of = new Money()
      cents = 0
    }
    const holding = (type: typeof Money | typeof Sum): AggregateClass => {
      @Aggregate('purse', { snapshotEvery: 1 })
      class Purse extends AggregateRoot<Counted> {
        @Field(() => type) held = new type()
        @Apply(Counted) counted() {}
      }
      return Purse as unknown as AggregateClass
    }
    const all = [
      counter({ snapshotEvery: 1 }),
      counter({ snapshotEvery: 1, snapshotVersion: 2 }),
      holding(Money),
      holding(Sum),
    ].map(fingerprint)
    expect(new Set(all).size).toBe(all.length)
    expect(fingerprint(counter({ snapshotEvery: 7, snapshotVersion: 1 }))).toBe(all[0])
  })

  /** A counter made of the text of its members and of a class above it, so that builds differ in one place only. */
  const made = (members: string, above = ''): AggregateClass => {
    const text = `class Above extends AggregateRoot { ${above} }; return class Counter extends Above { ${members} }`
    // oxlint-disable-next-line typescript/no-implied-eval
    const type = new Function('AggregateRoot', text)(AggregateRoot) as AggregateClass
    Apply(Counted)(type.prototype as never, 'counted' as never, undefined as never)
    if (members.includes('decide('))
      Handle(Count)(type.prototype as never, 'decide' as never, undefined as never)
    Aggregate('counter', { snapshotVersion: 1 })(type)
    return type
  }

  it('tells apart what a state begins with, what folds do, and what they call in their classes', () => {
    const fold = 'count = 0; counted() { this.count += this.step() }'
    const step = 'step() { return 1 }'
    const all = [
      made(`${fold} ${step}`),
      made(`${fold.replace('0', '7')} ${step}`),
      made(`${fold.replace('+=', '-=')} ${step}`),
      made(`${fold} step() { return 2 }`),
      made(fold, step),
      made(fold, 'step() { return 2 }'),
    ].map(fingerprint)
    expect(new Set(all).size).toBe(all.length)
    expect(new Set(all.map(structurePart)).size).toBe(1)
    expect(fingerprint(made(`${fold} ${step}`))).toBe(all[0])
  })

  it('stays after a change of a command handler', () => {
    const fold = 'count = 0; counted() { this.count++ }'
    const all = ['decide() { return 1 }', 'async decide(command) { if (this.count > 3) return "$&" }']
    expect(new Set(all.map(handler => fingerprint(made(`${handler} ${fold}`)))).size).toBe(1)
  })
})

describe('snapshots of other builds', () => {
  const heard = (): OtherBuildsDiagnostic[] => {
    const told: OtherBuildsDiagnostic[] = []
    const listener = (message: unknown): void => void told.push(message as OtherBuildsDiagnostic)
    channels.otherBuilds.subscribe(listener)
    onTestFinished(() => {
      channels.otherBuilds.unsubscribe(listener)
    })
    return told
  }

  it('are told of once, and by streams that are long enough for one', async () => {
    const told = heard()
    const store = memory()
    const snapshots = { ...memorySnapshots(), saved: [] }
    await (await counting(12, { snapshotEvery: 5 }, snapshots, store)).app.stop()
    expect(told).toEqual([])
    const options = { snapshotEvery: 10, snapshotVersion: 2 }
    const { app } = await counting(0, options, snapshots, store)
    for (const key of ['short', 'c']) await app.execute(key, Count.of())
    await app.stop()
    expect(told).toMatchObject([{ aggregate: 'Counter', category: 'counter', stream: 'counter-c' }])
    const again = await counting(0, options, snapshots, store)
    await again.app.execute('c', Count.of())
    await again.app.stop()
    expect(told).toHaveLength(1)
  })

  it('that cannot be looked for stop no command', async () => {
    const told = heard()
    const snapshots = { ...noted(), fingerprints: () => Promise.reject(new Error('away')) }
    const { app } = await counting(0, { snapshotEvery: 1 }, snapshots)
    for (let i = 0; i < 3; i++) await app.execute(`k${i}`, Count.of())
    await app.stop()
    expect(told).toEqual([])
  })
})
