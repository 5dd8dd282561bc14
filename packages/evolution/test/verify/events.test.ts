import { LogIntegrityError, type RecordedEvent } from '@hindcast/core'
import { describe, expect, it } from 'vitest'
import { changed, Log, reading } from './purse.js'

const at = (stream: string, version: number) => (event: RecordedEvent) =>
  event.stream === stream && event.version === version

describe('verifying a sound log', () => {
  it('finds no problem, and counts events by type and version, streams and records', async () => {
    await using log = await Log.make()
    for (const name of ['a', 'b', 'c']) await log.fill(`purse-${name}`)
    await log.append('purse-a', 'purse.paid', { euros: 2 }, 1)
    await log.append('branch-n1', 'branch.closed', {}, 1, 'n')
    await log.append('purse-a', 'purse.painted')
    await log.append('house-1', 'purse.painted')
    expect(await log.verify()).toEqual({
      ...{ logId: 'books', partitions: 3, done: true, events: 13, streams: 5, notFolded: 0, notRead: 0 },
      types: [
        { type: 'branch.closed', schemaVersion: 1, events: 1 },
        { type: 'purse.opened', schemaVersion: 1, events: 3 },
        { type: 'purse.paid', schemaVersion: 1, events: 1 },
        { type: 'purse.paid', schemaVersion: 2, events: 6 },
        { type: 'purse.painted', schemaVersion: 1, events: 2 },
      ],
      ...{ problems: 0, problemsByCode: {}, firstProblems: [] },
      durationMs: expect.any(Number),
    })
  })

  it('is done with a log that has no events', async () => {
    await using log = await Log.make()
    expect(await log.verify()).toMatchObject({ done: true, events: 0, streams: 0, problems: 0, notRead: 0 })
  })

  it('tells how far it is, at the end that everything is read', async () => {
    await using log = await Log.make()
    await log.fill('purse-a', 3000)
    const told: object[] = []
    await log.verify({ onProgress: progress => told.push(progress) })
    expect(told.at(-1)).toMatchObject({
      records: 3004,
      totalRecords: 3004,
      events: 3001,
      problems: 0,
      etaMs: 0,
    })
    expect(told.length).toBeGreaterThan(1)
  })

  it('is refused with declarations that contradict each other', async () => {
    await using log = await Log.make()
    const { aggregates } = (await import('./purse.js')).parts
    await expect(log.verify({}, { aggregates, upcasters: [] })).rejects.toMatchObject({ code: 'HC_START' })
  })
})

describe('verifying a log finds', () => {
  it.each([
    ['an event of an unknown type', 'purse.burnt', {}, 1, 'HC_EVENT_TYPE_UNKNOWN'],
    [
      'an event of a version that is newer than the code',
      'purse.paid',
      { cents: 1 },
      3,
      'HC_EVENT_NEWER_THAN_CODE',
    ],
    ['an event that its upcaster fails on', 'purse.paid', { euros: null }, 1, 'HC_UPCAST_FAILED'],
    [
      'an event that no longer keeps the rules of its class',
      'purse.paid',
      { cents: 0.5 },
      2,
      'HC_EVENT_INVALID',
    ],
    ['an event that @Apply throws on', 'purse.paid', { cents: 1 }, 2, 'HC_APPLY_FAILED', 'purse-unopened', 0],
    ['an event whose @Apply gives a promise', 'purse.stolen', {}, 1, 'HC_APPLY_FAILED'],
    ['an event that its aggregate does not apply', 'branch.closed', {}, 1, 'HC_APPLY_FAILED'],
    ['a stream without an aggregate', 'purse.opened', {}, 1, 'HC_CATEGORY_UNKNOWN', 'house-1', 0],
  ])('%s', async (_, type, data, schemaVersion, code, stream = 'purse-a', version = 3) => {
    await using log = await Log.make()
    await log.fill('purse-a')
    await log.append(stream, type, data, schemaVersion)
    await log.fill('purse-b')
    const report = await log.verify()
    expect(report).toMatchObject({ problems: 1, problemsByCode: { [code]: 1 }, events: 7, done: true })
    expect(report.firstProblems).toEqual([
      {
        ...{ code, stream, version, type, schemaVersion, place: expect.stringMatching(/^[012]:\d+$/) },
        message: expect.stringContaining(stream),
      },
    ])
  })

  it('JSON that is no object, and goes on with the next event', async () => {
    await using log = await Log.make()
    await log.fill('purse-a', 4)
    const store = changed(log.store, event => (at('purse-a', 2)(event) ? { data: '[9]' } : undefined))
    const report = await log.verify({}, { store })
    expect(report).toMatchObject({ problemsByCode: { HC_PAYLOAD: 1 }, events: 5 })
    // The state without the event is none that ever was, so that what follows is read and not folded.
    expect(report.notFolded).toBe(3)
  })

  it('a hole in a stream, and a version that is there twice, each once', async () => {
    await using log = await Log.make()
    await log.fill('purse-a', 4)
    await log.fill('purse-b', 4)
    const hole = changed(log.store, ({ stream, version }) =>
      stream === 'purse-a' && version > 1 ? { version: version + 1 } : undefined,
    )
    const twice = changed(hole, ({ stream, version }) =>
      stream === 'purse-b' && version > 2 ? { version: version - 1 } : undefined,
    )
    const { problemsByCode, firstProblems } = await log.verify({}, { store: twice })
    expect(problemsByCode).toEqual({ HC_STREAM_VERSION: 2 })
    expect(firstProblems.map(({ stream, version }) => `${stream} ${version}`).toSorted()).toEqual([
      'purse-a 3',
      'purse-b 2',
    ])
    expect(firstProblems.map(({ message }) => message).toSorted()).toEqual([
      expect.stringContaining('version 3) stands where version 2 of its stream is due'),
      expect.stringContaining('version 2) stands where version 3 of its stream is due'),
    ])
  })

  it('a stream that begins with another version than 0', async () => {
    await using log = await Log.make()
    await log.fill('purse-a')
    const store = reading(log.store, batch => ({
      ...batch,
      events: batch.events.filter(each => each.version > 0),
    }))
    expect(await log.verify({}, { store })).toMatchObject({
      problemsByCode: { HC_STREAM_VERSION: 1 },
      firstProblems: [{ version: 1 }],
      notFolded: 2,
    })
  })

  it('a stream in another partition than its partition key says', async () => {
    await using log = await Log.make()
    await log.append('branch-n1', 'branch.closed', {}, 1, 'm')
    const { problemsByCode, firstProblems } = await log.verify()
    expect(problemsByCode).toEqual({ HC_STREAM_PARTITION: 1 })
    expect(firstProblems[0]!.message).toMatch(/its partition key "n" names partition \d/)
  })

  it('a time that goes back, once', async () => {
    await using log = await Log.make(1)
    await log.fill('purse-a', 4)
    const store = changed(log.store, ({ version, time }) =>
      version > 2 ? { time: time - 60_000 } : undefined,
    )
    expect(await log.verify({}, { store })).toMatchObject({
      problemsByCode: { HC_EVENT_TIME: 1 },
      firstProblems: [{ version: 3 }],
      notFolded: 0,
    })
  })

  it('an event without a time, and a stream whose name is none', async () => {
    await using log = await Log.make()
    await log.fill('purse-a')
    const store = changed(log.store, ({ version }) =>
      version === 1 ? { time: Number.NaN } : version === 2 ? { stream: 'Nonsense', version: 0 } : undefined,
    )
    const { problemsByCode } = await log.verify({}, { store })
    expect(problemsByCode).toEqual({ HC_EVENT_TIME: 1, HC_STREAM_ID: 1 })
  })

  it('a place where a partition cannot be read, says how much is left out, and reads the others', async () => {
    await using log = await Log.make(2)
    for (let i = 0; i < 12; i++) await log.fill(`purse-${i}`, 300)
    const [damagedEvents, soundEvents] = [await log.store.end(0), await log.store.end(1)].map(
      end => Number(end) - 1,
    )
    let batches = 0
    const store = reading(log.store, batch => {
      if (batch.partition === 0 && batches++ === 1) throw new LogIntegrityError('the disk is torn', {})
      return batch
    })
    const report = await log.verify({}, { store })
    expect(damagedEvents).toBeGreaterThan(1000) // more than a batch
    expect(report).toMatchObject({
      problemsByCode: { HC_LOG_INTEGRITY: 1 },
      firstProblems: [
        { code: 'HC_LOG_INTEGRITY', message: 'the log cannot be trusted: the disk is torn', place: '0:1001' },
      ],
      events: 1000 + soundEvents!,
      notRead: damagedEvents! - 1000, // what lies behind the first batch
      done: true,
    })
  })
})

describe('verifying a log', () => {
  it('has the first problems in the order of the log, and counts the others', async () => {
    await using log = await Log.make(2)
    for (let i = 0; i < 50; i++) await log.append(`purse-${i}`, 'purse.burnt')
    const all = await log.verify()
    expect(all.firstProblems).toHaveLength(50)
    const places = all.firstProblems.map(({ place }) => place!.split(':').map(Number))
    expect(places).toEqual(places.toSorted(([p, o], [q, r]) => p! - q! || o! - r!))
    const some = await log.verify({ problems: 7 })
    expect(some).toMatchObject({ problems: 50, problemsByCode: { HC_EVENT_TYPE_UNKNOWN: 50 } })
    expect(some.firstProblems).toEqual(all.firstProblems.slice(0, 7))
    expect((await log.verify({ problems: 0 })).firstProblems).toEqual([])
  })

  it('ends with what there was when it began, while the log grows', async () => {
    await using log = await Log.make(1)
    await log.fill('purse-a', 1999)
    const store = reading(log.store, batch => {
      // For every batch that is read, as much is appended again: a reader of everything would never end.
      for (let i = 0; i < batch.events.length; i++) void log.append('purse-b', 'purse.burnt')
      return batch
    })
    const report = await log.verify({}, { store })
    expect(report).toMatchObject({ done: true, events: 2000, problems: 0, notRead: 0 })
    expect(Number(await log.store.end(0))).toBeGreaterThan(2001)
  })

  it('ends when it is told to, and reports what was read', async () => {
    await using log = await Log.make(1)
    await log.fill('purse-a', 5000)
    const told = new AbortController()
    const store = reading(log.store, batch => {
      if (batch.next > 2000n) told.abort()
      return batch
    })
    const report = await log.verify({ signal: told.signal }, { store })
    expect(report).toMatchObject({ done: false, problems: 0, notRead: 0 })
    expect(report.events).toBeGreaterThan(0)
    expect(report.events).toBeLessThan(5001)
  })

  it('throws what a store throws that is closed, and leaves no partition being read', async () => {
    const log = await Log.make(3)
    for (let i = 0; i < 6; i++) await log.fill(`purse-${i}`, 1000)
    const store = reading(log.store, batch => {
      void log[Symbol.asyncDispose]()
      return batch
    })
    await expect(log.verify({}, { store })).rejects.toMatchObject({ code: 'HC_STORE_CLOSED' })
  })
})
