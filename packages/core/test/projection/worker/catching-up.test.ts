import { describe, expect, it } from 'vitest'
import {
  FoldTarget,
  park,
  Projection,
  projectionInfo,
  skip,
  type LogSource,
  type MemoryTables,
  type Newable,
  type ReadModelStore,
  type RecordedEvent,
  type Row,
} from '../../../src/index.js'
import { BatchFolder } from '../../../src/projection/worker/batch-folder.js'
import { MemoryReadModelStore } from '../../../src/read-model/memory-read-model-store.js'
import { Balances, BalanceRow, Closed, Deposited, Opened, Unrelated } from '../bank.js'
import { BankLog, caughtUp, healthOnce, parkedOf, startAlone, transacting } from '../log.js'

const opened = Opened.of({ owner: 'Ada' })
const one = Deposited.of({ cents: 1 })
const at = { projection: 'balances', version: 1, log: 'bank', partition: 0 }

/** Rows of one partition each, as in an app whose aggregate is known. */
function ofOneCategory(log: BankLog): LogSource {
  return { ...log.source(), categoriesOf: () => ['account'] }
}

/** A worker's folder on tables that others may use too. */
class Folder {
  readonly loaded: string[][] = []
  /** What happens to the next commit. */
  mishap: 'none' | 'refused' | 'unknown' = 'none'
  readonly folder: BatchFolder
  readonly store: ReadModelStore
  private constructor(log: BankLog, store: ReadModelStore) {
    this.store = store
    const target = new FoldTarget(
      projectionInfo(Balances),
      [ofOneCategory(log)],
      transacting(store, async (fence, work) => {
        const { mishap } = this
        this.mishap = 'none'
        const result = await store.transact(fence, async tx => {
          const load = async (keys: readonly string[], options: { readonly shared: boolean }) => {
            this.loaded.push([...keys])
            return tx.load(keys, options)
          }
          await work(
            Object.create(tx, { load: { value: load }, save: { value: tx.save.bind(tx) } }) as typeof tx,
          )
          if (mishap === 'refused') throw new Error('the connection is gone')
        })
        if (mishap === 'unknown') throw new Error('no answer to COMMIT')
        return result
      }),
    )
    const { signal } = new AbortController()
    this.folder = new BatchFolder({
      at,
      target,
      source: ofOneCategory(log),
      signal,
      retrying: () => undefined,
    })
  }

  static async open(log: BankLog, tables: MemoryTables): Promise<Folder> {
    const store = new MemoryReadModelStore(tables)
    await store.prepare(projectionInfo(Balances), ['bank'])
    return new Folder(log, store)
  }

  async claim(): Promise<this> {
    this.folder.own(await this.store.claim(at))
    return this
  }

  fold(events: readonly RecordedEvent[]): Promise<string> {
    return this.folder.fold(events, events.at(-1)!.offset + 1n)
  }

  async rows(): Promise<readonly object[]> {
    return (await this.store.read(at, { kind: 'all' })).rows
  }
}

async function eventsOf(log: BankLog): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = []
  for await (const batch of log.store.readLog(0)) events.push(...batch.events)
  return events
}

describe('the rows that a worker keeps while it catches up', () => {
  async function fourBatches(): Promise<{ log: BankLog; batches: readonly (readonly RecordedEvent[])[] }> {
    const log = await BankLog.open()
    await log.append('a', opened, one)
    for (let i = 0; i < 3; i++) await log.append('a', one, one)
    const events = await eventsOf(log)
    return { log, batches: [0, 2, 4, 6].map(start => events.slice(start, start + 2)) }
  }

  it('are loaded once, and again when it has come to the end of the log', async () => {
    const { log, batches } = await fourBatches()
    const worker = await (await Folder.open(log, new Map())).claim()
    for (const batch of batches.slice(0, 3)) expect(await worker.fold(batch)).toBe('committed')
    expect(worker.loaded).toEqual([['a']])
    worker.folder.forget()
    expect(await worker.fold(batches[3]!)).toBe('committed')
    expect(worker.loaded).toEqual([['a'], ['a']])
    expect(await worker.rows()).toEqual([{ id: 'a', owner: 'Ada', cents: 7n }])
  })

  it('also when they are gone: a row that was deleted is not loaded to be made again', async () => {
    const log = await BankLog.open()
    await log.append('a', opened, one)
    await log.append('a', new Closed())
    await log.append('a', Opened.of({ owner: 'Bob' }))
    const events = await eventsOf(log)
    const worker = await (await Folder.open(log, new Map())).claim()
    for (const batch of [events.slice(0, 2), events.slice(2, 3), events.slice(3)]) await worker.fold(batch)
    expect(worker.loaded).toEqual([['a']])
    expect(await worker.rows()).toEqual([{ id: 'a', owner: 'Bob', cents: 0n }])
  })

  it('die with the epoch: what another worker has folded meanwhile is seen', async () => {
    const { log, batches } = await fourBatches()
    const tables: MemoryTables = new Map()
    const first = await (await Folder.open(log, tables)).claim()
    expect(await first.fold(batches[0]!)).toBe('committed')
    const second = await (await Folder.open(log, tables)).claim()
    expect(await second.fold(batches[1]!)).toBe('committed')
    expect(await first.fold(batches[1]!)).toBe('fenced')
    await first.claim()
    expect(await first.fold(batches[2]!)).toBe('committed')
    expect(await second.fold(batches[2]!)).toBe('fenced')
    await second.claim()
    expect(await second.fold(batches[3]!)).toBe('committed')
    expect(await first.rows()).toEqual([{ id: 'a', owner: 'Ada', cents: 7n }])
  })

  it('die with a claim that is made anew, before anybody was told that the one before is lost', async () => {
    const { log, batches } = await fourBatches()
    const tables: MemoryTables = new Map()
    const first = await (await Folder.open(log, tables)).claim()
    await first.fold(batches[0]!)
    const second = await (await Folder.open(log, tables)).claim()
    await second.fold(batches[1]!)
    await first.claim()
    expect(await first.fold(batches[2]!)).toBe('committed')
    expect(await first.rows()).toEqual([{ id: 'a', owner: 'Ada', cents: 5n }])
  })

  it('die with a commit that failed, or of which nobody knows', async () => {
    for (const mishap of ['refused', 'unknown'] as const) {
      const { log, batches } = await fourBatches()
      const worker = await (await Folder.open(log, new Map())).claim()
      await worker.fold(batches[0]!)
      worker.mishap = mishap
      await expect(worker.fold(batches[1]!)).rejects.toThrow(mishap === 'refused' ? 'connection' : 'COMMIT')
      await worker.claim()
      const left = mishap === 'refused' ? batches.slice(1) : batches.slice(2)
      for (const batch of left) expect(await worker.fold(batch)).toBe('committed')
      expect(await worker.rows()).toEqual([{ id: 'a', owner: 'Ada', cents: 7n }])
      expect(worker.loaded).toEqual([['a'], ['a']])
    }
  })

  it('never hold what was rolled back: an append behind a failing one begins from what is committed', async () => {
    const log = await BankLog.open()
    await log.append('a', opened, one)
    await log.append('a', one, new Closed(), one)
    const events = await eventsOf(log)
    const worker = await (await Folder.open(log, new Map())).claim()
    await worker.fold(events.slice(0, 2))
    await expect(worker.fold(events.slice(2))).rejects.toMatchObject({ code: 'HC_ROW_MISSING' })
    await worker.fold(events.slice(2, 3))
    expect(await worker.rows()).toEqual([{ id: 'a', owner: 'Ada', cents: 2n }])
  })

  it('are no more than so many, and what had to make room is loaded again', async () => {
    const log = await BankLog.open()
    const many = 20_001
    for (let i = 0; i < many; i++) await log.append(`k${i}`, opened)
    for (const key of ['k0', 'k1']) await log.append(key, one)
    const events = await eventsOf(log)
    const worker = await (await Folder.open(log, new Map())).claim()
    await worker.fold(events.slice(0, many))
    const before = worker.loaded.length
    await worker.fold(events.slice(many))
    expect(worker.loaded.slice(before)).toEqual([['k0']])
    expect((await worker.store.read(at, { kind: 'key', key: 'k1' })).rows).toEqual([
      { id: 'k1', owner: 'Ada', cents: 1n },
    ])
  })
})

@Projection('balances', { version: 1, row: BalanceRow, onFailure: park() })
class ParkingBalances extends Balances {}

@Projection('balances', { version: 1, row: BalanceRow, onFailure: skip() })
class SkippingBalances extends Balances {}

describe('a large batch in which an event fails', () => {
  const ACCOUNTS = 20
  const EVENTS = 3_000
  const BAD = 1_707

  /** Accounts that take turns; one append has an event that fails between two that do not. */
  async function backlog(bad: 'fold' | 'decode'): Promise<{ log: BankLog; before: Row[]; offset: bigint }> {
    const log = await BankLog.open()
    const cents = new Map<string, bigint>()
    let offset = 0n
    let before: Row[] = []
    for (let i = 0; i < EVENTS; i++) {
      const key = `k${String(i % ACCOUNTS).padStart(2, '0')}`
      if (i === BAD) {
        before = [...cents].map(([id, sum]) => ({ id, owner: 'Ada', cents: sum }))
        offset = await appendBad(log, key, bad)
      } else if (i < ACCOUNTS) await log.append(key, opened)
      else await log.append(key, one)
      cents.set(key, (cents.get(key) ?? -1n) + 1n)
    }
    return { log, before, offset }
  }

  async function appendBad(log: BankLog, key: string, bad: 'fold' | 'decode'): Promise<bigint> {
    const position =
      bad === 'fold'
        ? await log.append(key, one, opened, one)
        : await log.appendRecorded(key, [
            { type: 'account.deposited', schemaVersion: 1, data: '{"cents":1}' },
            { type: 'account.opened', schemaVersion: 9, data: '{}' },
          ])
    return BigInt(position.slice(position.lastIndexOf(':') + 1)) - (bad === 'fold' ? 2n : 1n)
  }

  const start = (log: BankLog, type: Newable) => startAlone(ofOneCategory(log), new Map(), [type])

  it.each(['fold', 'decode'] as const)(
    'commits what lies before the failing append and names it, when the %s fails',
    async bad => {
      const { log, before, offset } = await backlog(bad)
      await using runtime = await start(log, Balances)
      const health = await healthOnce(runtime, ({ state }) => state === 'stopped' || state === 'paused')
      expect(health).toMatchObject({ checkpoint: offset, state: bad === 'fold' ? 'stopped' : 'paused' })
      const rows = await runtime.view(Balances).all()
      expect(rows).toEqual(before)
    },
  )

  it('parks the key from there on, and folds all others to the end', async () => {
    const { log } = await backlog('fold')
    await using runtime = await start(log, ParkingBalances)
    await caughtUp(runtime)
    const parked = await parkedOf(runtime, ParkingBalances)
    const key = `k${String(BAD % ACCOUNTS).padStart(2, '0')}`
    const later = Math.floor((EVENTS - 1 - BAD) / ACCOUNTS)
    // The deposit in front of the failing event is folded; it, the one behind it and all later ones of its key are parked.
    expect(parked).toHaveLength(2 + later)
    expect(parked.every(line => line.endsWith(`: ${key}`))).toBe(true)
    const rows = await runtime.view(ParkingBalances).all()
    for (const { id, cents } of rows)
      expect(cents).toBe(id === key ? BigInt(Math.floor(BAD / ACCOUNTS)) : BigInt(EVENTS / ACCOUNTS - 1))
  })

  it('skips the event alone, and folds everything else', async () => {
    const { log } = await backlog('fold')
    await using runtime = await start(log, SkippingBalances)
    await caughtUp(runtime)
    const key = `k${String(BAD % ACCOUNTS).padStart(2, '0')}`
    for (const { id, cents } of await runtime.view(SkippingBalances).all())
      expect(cents).toBe(BigInt(EVENTS / ACCOUNTS - 1 + (id === key ? 1 : 0)))
  })

  it('passes over events of other projections on the way, in order', async () => {
    const log = await BankLog.open()
    await log.append('a', opened)
    for (let i = 0; i < 1_500; i++) await log.append('a', i % 3 === 0 ? new Unrelated() : one)
    await log.append('a', new Closed())
    await log.append('a', Opened.of({ owner: 'Bob' }), one)
    await using runtime = await start(log, Balances)
    await caughtUp(runtime)
    expect(await runtime.view(Balances).all()).toEqual([{ id: 'a', owner: 'Bob', cents: 1n }])
  })
})
