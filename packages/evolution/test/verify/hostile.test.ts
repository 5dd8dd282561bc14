import {
  Aggregate,
  AggregateRoot,
  Apply,
  Event,
  memorySnapshots,
  readersOf,
  snapshotFingerprint,
  type AggregateClass,
} from '@hindcast/core'
import { ValidateBy } from 'class-validator'
import { describe, expect, it } from 'vitest'
import { changed, Log, Opened, reading } from './purse.js'

/** Verifies a log with one sound stream before and one behind that with what is done to it. */
async function verified(log: Log, aggregates: readonly AggregateClass[]) {
  await log.append('purse-z', 'purse.opened')
  const report = await log.verify({}, { aggregates, upcasters: [] })
  expect(report.done).toBe(true)
  expect(report.types.reduce((sum, { events }) => sum + events, 0)).toBe(report.events)
  return report
}

describe('verifying a log with code that throws where nobody thinks of it goes on, and tells the place, when', () => {
  it('the very first event of a partition has no time, or one that no calendar has', async () => {
    await using log = await Log.make(1)
    await log.fill('purse-a')
    for (const time of [Number.NaN, 1e300]) {
      const store = changed(log.store, ({ version }) => (version === 0 ? { time } : undefined))
      const report = await log.verify({}, { store })
      expect(report).toMatchObject({ problemsByCode: { HC_EVENT_TIME: 1 }, events: 3, notFolded: 0 })
    }
  })

  it('the store cannot give the payload that it computes when it is asked', async () => {
    await using log = await Log.make()
    await log.fill('purse-a')
    const store = reading(log.store, batch => ({
      ...batch,
      events: batch.events.map(event => ({
        ...event,
        get data(): string {
          if (event.version === 1) throw new RangeError('the bytes are gone')
          return event.data
        },
      })),
    }))
    const report = await log.verify({}, { store })
    expect(report).toMatchObject({ problemsByCode: { HC_PAYLOAD: 1 }, events: 3, notFolded: 2 })
    expect(report.firstProblems[0]!.message).toContain('RangeError: the bytes are gone')
  })

  it('a rule of an event throws', async () => {
    class Checked extends Event('purse.checked') {
      @ValidateBy({
        name: 'isPeculiar',
        validator: {
          validate: () => {
            throw new TypeError('the rule stumbles')
          },
        },
      })
      cents!: number
    }
    @Aggregate('purse')
    class Purse extends AggregateRoot<Opened | Checked> {
      @Apply(Opened) opened() {}
      @Apply(Checked) checked() {}
    }
    await using log = await Log.make()
    await log.append('purse-a', 'purse.checked', { cents: 1 })
    const report = await verified(log, [Purse])
    expect(report).toMatchObject({ problemsByCode: { HC_EVENT_INVALID: 1 }, notFolded: 0 })
    expect(report.firstProblems[0]!.message).toContain('TypeError: the rule stumbles')
  })

  it('partitionBy throws at a key', async () => {
    @Aggregate('purse', { partitionBy: key => key.split(':')[1]!.toLowerCase() })
    class Purse extends AggregateRoot<Opened> {
      @Apply(Opened) opened() {}
    }
    await using log = await Log.make(1)
    await log.append('purse-a', 'purse.opened')
    const report = await verified(log, [Purse])
    expect(report).toMatchObject({ problemsByCode: { HC_STREAM_PARTITION: 2 }, notFolded: 0 })
    expect(report.firstProblems[0]!.message).toMatch(/partitionBy throws TypeError/)
  })

  it('the constructor of an aggregate throws for the second one', async () => {
    let made = 0
    @Aggregate('purse')
    class Purse extends AggregateRoot<Opened> {
      readonly number = ++made
      constructor() {
        super()
        if (this.number > 1) throw new RangeError('there is only one')
      }
      @Apply(Opened) opened() {}
    }
    await using log = await Log.make()
    await log.append('purse-a', 'purse.opened')
    expect((await verified(log, [Purse])).problemsByCode).toEqual({ HC_APPLY_FAILED: 1 })
  })

  it('a state that has a snapshot can no longer be written as one', async () => {
    class Lock {
      readonly isOpen = true
    }
    @Aggregate('purse', { snapshotVersion: 1 })
    class Purse extends AggregateRoot<Opened> {
      lock: object = {}
      @Apply(Opened) opened() {
        this.lock = new Lock()
      }
    }
    const snapshots = memorySnapshots()
    const fingerprint = snapshotFingerprint(readersOf({ aggregates: [Purse] }).aggregates[0]!)
    await using log = await Log.make()
    await log.append('purse-a', 'purse.opened')
    const [event] = (await log.store.readStream('purse-a')[Symbol.asyncIterator]().next()).value as {
      id: string
    }[]
    await snapshots.save({
      ...{ stream: 'purse-a', version: 0, lastEventId: event!.id, fingerprint, state: '{"lock":{}}' },
    })
    const report = await log.verify({}, { aggregates: [Purse], upcasters: [], snapshots })
    expect(report).toMatchObject({
      problemsByCode: { HC_STATE_NOT_SERIALIZABLE: 1 },
      firstProblems: [{ stream: 'purse-a', version: 0 }],
      snapshots: { found: 1, compared: 0 },
    })
  })
})
