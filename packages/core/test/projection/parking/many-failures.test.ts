import { beforeEach, describe, expect, it } from 'vitest'
import {
  Insert,
  memoryOwnership,
  MemoryReadModelStore,
  park,
  Projection,
  projectionInfo,
  RowProjection,
  startProjections,
  Upsert,
  type EventMeta,
  type LogSource,
  type MemoryTables,
  type ProjectionRuntime,
  type ReadModelStore,
  type RecordedEvent,
} from '../../../src/index.js'
import { BalanceRow, Deposited, Opened } from '../bank.js'
import { BankLog, caughtUp, transacting } from '../log.js'

/** Which deposits the fold below refuses; it counts how often it is called. */
let refuses: (cents: number) => boolean = () => false
let folds = 0

@Projection('counted', { version: 1, row: BalanceRow, onFailure: park() })
class Counted extends RowProjection<BalanceRow> {
  @Insert(Opened) opened(event: Opened, meta: EventMeta): BalanceRow {
    return { id: meta.key, owner: event.owner, cents: 0n }
  }
  @Upsert(Deposited) deposited(row: BalanceRow | undefined, { cents }: Deposited, meta: EventMeta) {
    folds++
    if (refuses(cents)) throw new Error(`${cents} is refused`)
    return { id: meta.key, owner: row?.owner ?? '', cents: (row?.cents ?? 0n) + BigInt(cents) }
  }
}

/** A log, and how often its events are decoded. */
class CountedLog {
  decodes = 0
  unreadable: (recorded: RecordedEvent) => boolean = () => false
  readonly log: BankLog

  constructor(log: BankLog) {
    this.log = log
  }

  get source(): LogSource {
    const { store, catalog } = this.log.source()
    return {
      store,
      catalog: {
        typesReadAs: events => catalog.typesReadAs(events),
        knows: type => catalog.knows(type),
        decode: (recorded, logId) => {
          this.decodes++
          if (this.unreadable(recorded)) throw new Error('unreadable')
          return catalog.decode(recorded, logId)
        },
      },
    }
  }

  start(
    tables: MemoryTables,
    wrap: (store: ReadModelStore) => ReadModelStore = store => store,
  ): Promise<ProjectionRuntime> {
    const ownership = memoryOwnership()
    return startProjections({
      host: { sources: [this.source], projections: [projectionInfo(Counted)], run: 'all' },
      store: wrap(new MemoryReadModelStore(tables)),
      ownershipOf: () => ownership,
    })
  }
}

const deposited = (cents: number) => Deposited.of({ cents })

describe('many failing events', () => {
  let counted: CountedLog
  let tables: MemoryTables
  beforeEach(async () => {
    counted = new CountedLog(await BankLog.open())
    tables = new Map()
    refuses = () => false
    folds = 0
  })

  it.each([
    ['all', 1],
    ['every second', 2],
    ['every tenth', 10],
  ])('are decoded and folded a few times each: %s', async (_, every) => {
    for (let cents = 0; cents < 1_000; cents++) await counted.log.append(`a${cents}`, deposited(cents))
    refuses = cents => cents % every === 0
    await using runtime = await counted.start(tables)
    await caughtUp(runtime)
    expect(await runtime.parked(Counted).list()).toHaveLength(1_000 / every)
    expect(await runtime.view(Counted).all()).toHaveLength(1_000 - 1_000 / every)
    expect(counted.decodes).toBeLessThan(6_000)
    expect(folds).toBeLessThan(4_000)
  })

  it('are decoded a few times each where that is what fails', async () => {
    for (let cents = 0; cents < 1_000; cents++) await counted.log.append(`a${cents}`, deposited(cents))
    counted.unreadable = ({ offset }) => offset % 2n === 0n
    await using runtime = await counted.start(tables)
    await caughtUp(runtime)
    expect(await runtime.parked(Counted).list()).toHaveLength(500)
    expect(counted.decodes).toBeLessThan(6_000)
  })

  it('are decoded and folded a few times each when more than a thousand are retried and half of them fail again', async () => {
    for (let cents = 0; cents < 2_500; cents++) await counted.log.append(`a${cents}`, deposited(cents))
    refuses = () => true
    await using runtime = await counted.start(tables)
    await caughtUp(runtime)
    refuses = cents => cents % 2 === 0
    counted.decodes = folds = 0
    expect(await runtime.parked(Counted).retry([], { timeoutMs: 60_000 })).toMatchObject({
      folded: 1_250,
      parked: 1_250,
      open: [],
    })
    expect(counted.decodes).toBeLessThan(15_000)
    expect(folds).toBeLessThan(10_000)
    refuses = () => false
    expect(await runtime.parked(Counted).retry([], { timeoutMs: 60_000 })).toMatchObject({
      folded: 1_250,
      parked: 0,
    })
    expect(await runtime.view(Counted).all()).toHaveLength(2_500)
  })

  it('of one key are folded in order when more than a thousand are retried, some behind one that fails again', async () => {
    refuses = cents => cents === 0 || cents === 1_700
    await counted.log.append('a', deposited(0))
    for (let cents = 1; cents < 2_500; cents++) await counted.log.append('a', deposited(cents))
    await using runtime = await counted.start(tables)
    await caughtUp(runtime)
    expect(await runtime.parked(Counted).list()).toHaveLength(2_500)
    refuses = cents => cents === 1_700
    const answer = await runtime.parked(Counted).retry(['a'], { timeoutMs: 60_000 })
    expect(answer).toMatchObject({ folded: 1_700, parked: 800, error: { code: 'HC_FOLD_FAILED' } })
    expect(await runtime.view(Counted).get('a')).toMatchObject({ cents: (1_699n * 1_700n) / 2n })
  })

  it('are dropped once by a request that is cut off between its transactions', async () => {
    refuses = cents => cents === 0
    for (let cents = 0; cents < 2_500; cents++) await counted.log.append('a', deposited(cents))
    let cutAfter = Infinity
    await using runtime = await counted.start(tables, store =>
      transacting(store, (fence, work) => {
        if (fence.from === fence.next && cutAfter-- <= 0) {
          cutAfter = Infinity
          return Promise.resolve('fenced')
        }
        return store.transact(fence, work)
      }),
    )
    await caughtUp(runtime)
    cutAfter = 1
    const parked = runtime.parked(Counted)
    expect(await parked.drop(['a'], 'entered twice')).toEqual({
      folded: 1_000,
      dropped: 1,
      parked: 1_499,
      open: [],
    })
    await caughtUp(runtime)
    expect(await parked.passed()).toHaveLength(1)
    expect(await parked.retry(['a'], { timeoutMs: 60_000 })).toMatchObject({ folded: 1_499, parked: 0 })
    expect(await parked.passed()).toHaveLength(1)
  })
})
