import { describe, expect, it } from 'vitest'
import {
  Column,
  Event,
  Key,
  MemoryReadModelStore,
  Projection,
  projectionInfo,
  RowProjection,
  Upsert,
  type MemoryTables,
  type OwnerReport,
  type ParkedEvent,
  type ReadModelTx,
} from '../../src/index.js'

class Ticked extends Event('clock.ticked') {}
class TickRow {
  @Key() @Column('text') id!: string
  @Column('integer') ticks!: number
}
class OtherRow {
  @Key() @Column('text') id!: string
}
@Projection('ticks', { version: 1, row: TickRow })
class Ticks extends RowProjection<TickRow> {
  @Upsert(Ticked) ticked(row: TickRow | undefined) {
    return { id: 'a', ticks: (row?.ticks ?? 0) + 1 }
  }
}
@Projection('ticks', { version: 1, row: OtherRow })
class Reshaped extends RowProjection<OtherRow> {
  @Upsert(Ticked) ticked() {
    return { id: 'a' }
  }
}

const ticks = { projection: 'ticks', version: 1 }
const at = { ...ticks, log: 'l', partition: 0 }
const live: OwnerReport = { owner: 'host:1', state: 'live', eventsPerSecond: 3 }

const event = (offset: bigint, ...keys: readonly string[]): ParkedEvent => ({
  offset,
  stream: 'clock-a',
  streamVersion: Number(offset),
  type: 'clock.ticked',
  keys,
  code: 'HC_ROW_MISSING',
  message: 'no row',
  parkedAt: new Date(0),
  retries: 0,
})

async function open(tables: MemoryTables = new Map()): Promise<MemoryReadModelStore> {
  const store = new MemoryReadModelStore(tables)
  await store.prepare(projectionInfo(Ticks), ['l'])
  return store
}

/** One transaction that moves the checkpoint by one. */
async function commit(store: MemoryReadModelStore, work: (tx: ReadModelTx) => Promise<void>): Promise<void> {
  const { next, epoch } = await store.claim(at)
  expect(await store.transact({ ...at, from: next, epoch, next: next + 1n }, work)).toBe('committed')
}

describe('what is parked', () => {
  it('is listed in order of the log and told to the next owner by its keys', async () => {
    const store = await open()
    expect((await store.claim(at)).parkedKeys).toEqual(new Set())
    await commit(store, tx => tx.park([event(7n, 'a', 'b'), event(3n, 'c')]))
    expect((await store.parked(at)).map(({ offset }) => offset)).toEqual([3n, 7n])
    expect((await store.claim(at)).parkedKeys).toEqual(new Set(['a', 'b', 'c']))
    expect(await store.parked({ ...at, partition: 1 })).toEqual([])
    await commit(store, async tx => {
      await tx.park([{ ...event(7n, 'b'), retries: 1 }])
      await tx.unpark([3n])
      await tx.pass([{ ...event(3n, 'c'), why: 'dropped', reason: 'a test' }])
    })
    expect(await store.parked(at)).toEqual([{ ...event(7n, 'b'), retries: 1 }])
    expect(await store.passed(at)).toEqual([{ ...event(3n, 'c'), why: 'dropped', reason: 'a test' }])
    expect((await store.claim(at)).parkedKeys).toEqual(new Set(['b']))
  })

  it('changes with the checkpoint or not at all', async () => {
    const store = await open()
    await store.request({ ...at, id: 'r', action: 'retry', keys: [], reason: '' })
    const { next, epoch } = await store.claim(at)
    const failing = store.transact({ ...at, from: next, epoch, next: 1n }, async tx => {
      await tx.park([event(1n, 'a')])
      await tx.pass([{ ...event(1n, 'a'), why: 'skipped', reason: '' }])
      await tx.answer('r', { folded: 0, dropped: 0, parked: 0 })
      throw new Error('crash')
    })
    await expect(failing).rejects.toThrow('crash')
    expect([await store.parked(at), await store.passed(at)]).toEqual([[], []])
    expect(await store.requests(ticks)).toHaveLength(1)
  })

  it('is in the snapshot of a reader of its key or of the event itself, in that partition only', async () => {
    const store = await open()
    await commit(store, tx => tx.park([event(5n, 'a'), event(6n, 'a')]))
    const parked = async (query: 'a' | 'b' | 'all', offset: bigint, partition = 0) => {
      const asked = query === 'all' ? ({ kind: 'all' } as const) : ({ kind: 'key', key: query } as const)
      return (await store.read(ticks, asked, { log: 'l', partition, offset })).parked?.offset
    }
    expect(await parked('a', 0n)).toBe(5n)
    expect(await parked('b', 0n)).toBeUndefined()
    expect(await parked('b', 6n)).toBe(6n)
    expect(await parked('all', 5n)).toBe(5n)
    expect(await parked('all', 4n)).toBeUndefined()
    expect(await parked('a', 5n, 1)).toBeUndefined()
  })
})

describe('a request', () => {
  it('is open until the owner answers it in a transaction, and one id is one request', async () => {
    const store = await open()
    const request = { ...at, id: 'r1', action: 'drop', keys: ['a'], reason: 'wrong' } as const
    await store.request(request)
    await store.request({ ...request, id: 'r2', partition: 3 })
    await store.request({ ...request, reason: 'again' })
    expect((await store.requests(ticks)).map(({ id, reason }) => id + reason)).toEqual(['r1wrong', 'r2wrong'])
    expect(await store.answerTo(ticks, 'r1')).toBeUndefined()
    const outcome = { folded: 1, dropped: 1, parked: 0 }
    await commit(store, tx => tx.answer('r1', outcome))
    expect((await store.requests(ticks)).map(({ id }) => id)).toEqual(['r2'])
    expect(await store.answerTo(ticks, 'r1')).toEqual(outcome)
    await store.request(request)
    expect((await store.requests(ticks)).map(({ id }) => id)).toEqual(['r2'])
  })
})

describe('the standing of a projection', () => {
  it('has the report of the present owner, and none of an older one', async () => {
    const store = await open()
    expect(await store.standing(ticks)).toEqual([])
    const old = await store.claim(at)
    await store.report(at, old.epoch, live)
    expect(await store.standing(ticks)).toEqual([
      {
        log: 'l',
        partition: 0,
        next: 0n,
        epoch: old.epoch,
        parked: 0,
        report: live,
        reportAgeMs: expect.any(Number) as number,
      },
    ])
    const { epoch } = await store.claim(at)
    await store.report(at, old.epoch, live)
    expect(await store.standing(ticks)).toEqual([{ log: 'l', partition: 0, next: 0n, epoch, parked: 0 }])
    await store.transact({ ...at, from: 0n, epoch, next: 9n }, tx => tx.park([event(1n, 'a')]))
    expect(await store.standing(ticks)).toMatchObject([{ next: 9n, parked: 1 }])
  })
})

describe('tables that exist', () => {
  it('are refused to another log and to other columns', async () => {
    const tables: MemoryTables = new Map()
    await commit(await open(tables), async () => undefined)
    const store = new MemoryReadModelStore(tables)
    await expect(store.prepare(projectionInfo(Ticks), ['m'])).rejects.toMatchObject({
      code: 'HC_READ_MODEL_OF_ANOTHER_LOG',
      context: { found: ['l'], logs: ['m'] },
    })
    await expect(store.prepare(projectionInfo(Reshaped), ['l'])).rejects.toMatchObject({
      code: 'HC_READ_MODEL_SHAPE',
      message: expect.stringMatching(
        /\(id text key, ticks integer\).*\(id text key\).*version to 2/,
      ) as string,
    })
    await store.prepare(projectionInfo(Ticks), ['m', 'l'])
  })
})
