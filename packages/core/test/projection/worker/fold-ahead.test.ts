import { describe, expect, it } from 'vitest'
import {
  FoldTarget,
  MemoryReadModelStore,
  projectionInfo,
  type Fence,
  type MemoryTables,
  type RecordedEvent,
  type RowChanges,
} from '../../../src/index.js'
import { BatchFolder, type FolderParts } from '../../../src/projection/worker/batch-folder.js'
import { FoldAhead } from '../../../src/projection/worker/fold-ahead.js'
import { PartitionWorker } from '../../../src/projection/worker/partition-worker.js'
import { Balances, Closed, Deposited, Opened } from '../bank.js'
import { BankLog } from '../log.js'

const opened = Opened.of({ owner: 'Ada' })
const one = Deposited.of({ cents: 1 })
const at = { projection: 'balances', version: 1, log: 'bank', partition: 0 }

/** Holds whoever comes, until it is opened. */
class Gate {
  readonly #opened: Promise<void>
  open: () => void = () => undefined
  constructor() {
    this.#opened = new Promise(resolve => (this.open = resolve))
  }
  pass(): Promise<void> {
    return this.#opened
  }
}

/** A worker that folds ahead, on tables that others may use too. */
class Worker {
  readonly loaded: string[][] = []
  readonly saved: string[][] = []
  /** What its next transaction waits for before it commits. */
  gate: Gate | undefined
  /** What becomes of the next transaction. */
  mishap: 'none' | 'refused' | 'unknown' = 'none'
  ahead!: FoldAhead
  readonly folder: BatchFolder
  readonly #parts: FolderParts
  readonly #store: MemoryReadModelStore

  private constructor(log: BankLog, store: MemoryReadModelStore) {
    const source = { ...log.source(), categoriesOf: () => ['account'] }
    const target = new FoldTarget(projectionInfo(Balances), [source], {
      transact: (fence, work) => this.#transact(fence, work),
      load: (of, keys) => {
        this.loaded.push([...keys])
        return store.load(of, keys)
      },
    })
    const { signal } = new AbortController()
    this.#store = store
    this.#parts = { at, target, source, signal, retrying: () => undefined }
    this.folder = new BatchFolder(this.#parts)
  }

  static async open(log: BankLog, tables: MemoryTables = new Map()): Promise<Worker> {
    const store = new MemoryReadModelStore(tables)
    await store.prepare(projectionInfo(Balances), ['bank'])
    return new Worker(log, store).claim()
  }

  async claim(): Promise<this> {
    this.folder.own(await this.#store.claim(at))
    this.ahead = new FoldAhead(this.#parts, this.folder)
    return this
  }

  take(events: readonly RecordedEvent[]): Promise<string> {
    return this.ahead.take(events, events.at(-1)!.offset + 1n)
  }

  async cents(): Promise<unknown> {
    const { rows } = await this.#store.read(at, { kind: 'all' })
    return Object.fromEntries((rows as { id: string; cents: bigint }[]).map(({ id, cents }) => [id, cents]))
  }

  async #transact(
    fence: Fence,
    work: Parameters<MemoryReadModelStore['transact']>[1],
  ): ReturnType<MemoryReadModelStore['transact']> {
    const { gate, mishap } = this
    this.gate = undefined
    this.mishap = 'none'
    await gate?.pass()
    const result = await this.#store.transact(fence, async tx => {
      const save = (changes: RowChanges): Promise<void> => {
        this.saved.push([...changes.upserts.keys(), ...changes.deletes])
        return tx.save(changes)
      }
      await work({ ...tx, save })
      if (mishap === 'refused') throw new Error('the connection is gone')
    })
    if (mishap === 'unknown') throw new Error('no answer to COMMIT')
    return result
  }
}

/** A log of one account that was opened, then given a cent in each append; two events a batch. */
async function saving(count: number): Promise<{ log: BankLog; batches: (readonly RecordedEvent[])[] }> {
  const log = await BankLog.open()
  await log.append('a', opened)
  for (let i = 1; i < count * 2; i++) await log.append('a', one)
  const events = await eventsOf(log)
  return {
    log,
    batches: Array.from({ length: count }, (_, index) => events.slice(index * 2, index * 2 + 2)),
  }
}

async function eventsOf(log: BankLog): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = []
  for await (const batch of log.store.readLog(0)) events.push(...batch.events)
  return events
}

describe('folding ahead', () => {
  it('goes on while a transaction runs, and begins the next one when that is committed', async () => {
    const { log, batches } = await saving(3)
    const worker = await Worker.open(log)
    await worker.take(batches[0]!)
    const gate = (worker.gate = new Gate())
    await worker.ahead.begin()
    expect(await worker.take(batches[1]!)).toBe('folded')
    expect(await worker.take(batches[2]!)).toBe('folded')
    expect(await worker.cents()).toEqual({})
    expect(worker.folder.claim.next).toBe(0n)
    gate.open()
    await worker.ahead.settled()
    expect(await worker.cents()).toEqual({ a: 1n })
    expect(worker.folder.claim.next).toBe(batches[1]![0]!.offset)
    expect(await worker.ahead.flush()).toBe('committed')
    expect(await worker.cents()).toEqual({ a: 5n })
    expect(worker.folder.claim.next).toBe(batches[2]![1]!.offset + 1n)
  })

  it('loads a row once, writes it once a transaction, and moves the checkpoint where nothing is to be written', async () => {
    const { log, batches } = await saving(4)
    const worker = await Worker.open(log)
    for (const batch of batches.slice(0, 2)) await worker.take(batch)
    await worker.ahead.flush()
    for (const batch of batches.slice(2)) await worker.take(batch)
    await worker.ahead.flush()
    expect(worker.loaded).toEqual([['a']])
    expect(worker.saved).toEqual([['a'], ['a']])
    const end = worker.folder.claim.next
    await worker.ahead.take([], end + 5n)
    await worker.ahead.flush()
    expect(worker.folder.claim.next).toBe(end + 5n)
    expect(worker.saved).toHaveLength(2)
  })

  it('knows what it deleted, also before that is committed', async () => {
    const log = await BankLog.open()
    await log.append('a', opened, one)
    await log.append('a', new Closed())
    await log.append('a', opened)
    const events = await eventsOf(log)
    const worker = await Worker.open(log)
    await worker.take(events.slice(0, 2))
    await worker.ahead.flush()
    await worker.take(events.slice(2, 3))
    const gate = (worker.gate = new Gate())
    await worker.ahead.begin()
    expect(await worker.take(events.slice(3))).toBe('folded')
    gate.open()
    await worker.ahead.settled()
    expect(await worker.cents()).toEqual({})
    await worker.ahead.flush()
    expect(await worker.cents()).toEqual({ a: 0n })
    expect(worker.loaded).toEqual([['a']])
  })

  it('writes nothing of what it folded when another one has taken over', async () => {
    const { log, batches } = await saving(4)
    const tables: MemoryTables = new Map()
    const first = await Worker.open(log, tables)
    await first.take(batches[0]!)
    await first.ahead.flush()
    await first.take(batches[1]!)
    const gate = (first.gate = new Gate())
    await first.ahead.begin()
    await first.take(batches[2]!)
    const second = await Worker.open(log, tables)
    for (const batch of batches.slice(1)) await second.take(batch)
    expect(await second.ahead.flush()).toBe('committed')
    gate.open()
    expect(await first.ahead.flush()).toBe('fenced')
    expect(await second.cents()).toEqual({ a: 7n })
    await first.claim()
    await log.append('a', one)
    await first.take((await eventsOf(log)).slice(8))
    expect(await first.ahead.flush()).toBe('committed')
    expect(await second.cents()).toEqual({ a: 8n })
  })

  it.each(['refused', 'unknown'] as const)(
    'forgets what it folded behind a transaction that failed: %s',
    async mishap => {
      const { log, batches } = await saving(3)
      const worker = await Worker.open(log)
      await worker.take(batches[0]!)
      worker.mishap = mishap
      const gate = (worker.gate = new Gate())
      await worker.ahead.begin()
      await worker.take(batches[1]!)
      gate.open()
      await expect(worker.ahead.flush()).rejects.toThrow(mishap === 'refused' ? 'connection' : 'COMMIT')
      await worker.claim()
      for (const batch of batches) if (batch[0]!.offset >= worker.folder.claim.next) await worker.take(batch)
      expect(await worker.ahead.flush()).toBe('committed')
      expect(await worker.cents()).toEqual({ a: 5n })
    },
  )

  it('writes nothing of a run with an event that fails, nor of what lies in front of it in the same transaction', async () => {
    const log = await BankLog.open()
    await log.append('a', opened, one)
    await log.append('a', one)
    await log.append('a', one, opened)
    const events = await eventsOf(log)
    const worker = await Worker.open(log)
    await worker.take(events.slice(0, 2))
    const gate = (worker.gate = new Gate())
    await worker.ahead.begin()
    await worker.take(events.slice(2, 3))
    expect(await worker.take(events.slice(3))).toBe('failing')
    gate.open()
    expect(await worker.ahead.flush()).toBe('committed')
    expect(worker.folder.claim.next).toBe(events[2]!.offset)
    expect(await worker.cents()).toEqual({ a: 1n })
  })

  it('keeps rows until they are committed, however many they are, and loads again what had to make room', async () => {
    const log = await BankLog.open()
    const many = 20_001
    for (let i = 0; i < many; i++) await log.append(`k${i}`, opened)
    for (let i = 0; i < 2; i++) for (const key of ['k0', 'k1']) await log.append(key, one)
    const events = await eventsOf(log)
    const worker = await Worker.open(log)
    const gate = (worker.gate = new Gate())
    await worker.take(events.slice(0, many))
    expect(worker.ahead.isDue).toBe(true)
    await worker.ahead.begin()
    expect(worker.ahead.isDue).toBe(false)
    const before = worker.loaded.length
    await worker.take(events.slice(many, many + 2))
    expect(worker.loaded).toHaveLength(before)
    gate.open()
    await worker.ahead.flush()
    await worker.take(events.slice(many + 2))
    expect(worker.loaded).toHaveLength(before)
    await worker.ahead.flush()
    expect(await worker.cents()).toMatchObject({ k0: 2n, k1: 2n, k2: 0n })
    await log.append('k2', one)
    await worker.take((await eventsOf(log)).slice(-1))
    expect(worker.loaded.slice(before)).toEqual([['k2']])
  })

  it('writes what it has folded before a request is answered, and goes on behind it', async () => {
    const log = await BankLog.open()
    for (const key of ['a', 'b']) await log.append(key, opened)
    for (let i = 0; i < 400; i++) await log.append('a', one)
    await log.append('middle', opened)
    for (let i = 0; i < 400; i++) await log.append('b', one)
    const store = new MemoryReadModelStore()
    await store.prepare(projectionInfo(Balances), ['bank'])
    const source = { ...log.source(), categoriesOf: () => ['account'] }
    const held = new Gate()
    const reached = new Gate()
    const commits: (readonly [from: bigint, next: bigint])[] = []
    const target = new FoldTarget(projectionInfo(Balances), [source], {
      transact: (fence, work) => {
        commits.push([fence.from, fence.next])
        return store.transact(fence, work)
      },
      load: async (of, keys) => {
        if (keys.includes('middle')) {
          reached.open()
          await held.pass()
        }
        return store.load(of, keys)
      },
    })
    const halted = (): void => expect.unreachable()
    const worker = new PartitionWorker({ target, store, source, partition: 0, halted, until: 804n })
    await reached.pass()
    const request = { ...at, id: 'r', action: 'retry', keys: [], reason: 'asked' } as const
    await store.request(request)
    const answered = worker.answer(request)
    held.open()
    await answered
    expect(await store.answerTo(at, 'r')).toMatchObject({ folded: 0, parked: 0 })
    await worker.ended
    const { rows } = await store.read(at, { kind: 'all' })
    expect(rows).toMatchObject([
      { id: 'a', cents: 400n },
      { id: 'b', cents: 400n },
      { id: 'middle', cents: 0n },
    ])
    expect(commits).toEqual([
      [0n, 501n],
      [501n, 501n],
      [501n, 804n],
    ])
  })
})
