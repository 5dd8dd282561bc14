import { describe, expect, it } from 'vitest'
import {
  AppendNotSentError,
  Event,
  Insert,
  makePosition,
  Projection,
  RowProjection,
  Update,
  type EventMeta,
  type MemoryTables,
} from '../../../src/index.js'
import { Balances, BalanceRow, Closed, Deposited, Opened, Totals, Unrelated } from '../bank.js'
import { listen } from '../listen.js'
import { BankLog, healthOnce, startAlone, transacting } from '../log.js'

const opened = Opened.of({ owner: 'Ada' })
const deposited = (cents: number) => Deposited.of({ cents })

describe('a worker that meets an event it cannot fold', () => {
  it('has committed every append before it, and nothing of the append that holds it', async () => {
    const log = await BankLog.open()
    await log.append('a', opened, deposited(5))
    await log.append('a', new Unrelated())
    await log.append('a', deposited(7), new Closed(), deposited(1), deposited(2))
    const bad = await log.append('b', opened)
    using stops = listen('hindcast:projections:stopped')
    await using runtime = await startAlone(log.source(), new Map(), [Balances])
    await expect(runtime.view(Balances).get('b', { atLeast: bad })).rejects.toMatchObject({
      code: 'HC_PROJECTION_STOPPED',
      cause: { code: 'HC_ROW_MISSING', context: { stream: 'account-a', version: 5, position: 'bank/0:6' } },
    })
    expect(await runtime.view(Balances).all()).toEqual([{ id: 'a', owner: 'Ada', cents: 5n }])
    expect((await runtime.health())[0]).toMatchObject({
      state: 'stopped',
      checkpoint: 4n,
      end: 9n,
      lagEvents: 5,
    })
    expect(stops.messages).toMatchObject([
      { logId: 'bank', projection: 'balances', version: 1, partition: 0, checkpoint: 4n },
    ])
  })

  it('stops at the first of several', async () => {
    const log = await BankLog.open()
    await log.append('a', opened)
    await log.append('b', deposited(1))
    await log.append('a', deposited(2))
    await log.appendRecorded('a', [{ type: 'account.deposited', schemaVersion: 9, data: '{}' }])
    await using runtime = await startAlone(log.source(), new Map(), [Balances])
    const health = await healthOnce(runtime, ({ state }) => state === 'stopped')
    expect(health).toMatchObject({ checkpoint: 2n, error: { code: 'HC_ROW_MISSING' } })
  })

  it('leaves the other partitions at work', async () => {
    const log = await BankLog.open(4)
    const positions = []
    for (let i = 0; i < 20; i++) positions.push(await log.append(`k${i}`, opened))
    const bad = await log.append('k0', opened)
    for (let i = 1; i < 20; i++) positions.push(await log.append(`k${i}`, deposited(i)))
    await using runtime = await startAlone(log.source(), new Map(), [Balances])
    const partition = bad.split(':')[0]!
    for (const atLeast of positions.filter(position => !position.startsWith(`${partition}:`)))
      await runtime.view(Balances).all({ atLeast })
    const states = (await runtime.health()).map(({ state }) => state)
    expect(states.filter(state => state === 'stopped')).toHaveLength(1)
  })
})

describe('a worker that meets an event newer than its code', () => {
  class NewDeposited extends Event('account.deposited', { version: 2 }) {
    euro!: number
  }
  @Projection('balances', { version: 1, row: BalanceRow })
  class UpgradedBalances extends RowProjection<BalanceRow> {
    @Insert(Opened) opened(event: Opened, meta: EventMeta): BalanceRow {
      return { id: meta.key, owner: event.owner, cents: 0n }
    }
    @Update(NewDeposited) deposited(row: BalanceRow, event: NewDeposited) {
      row.cents += BigInt(event.euro) * 100n
      return row
    }
  }

  it('pauses before it, says so, and goes on after the upgrade', async () => {
    const log = await BankLog.open()
    const tables: MemoryTables = new Map()
    await log.append('a', opened)
    const newer = await log.appendRecorded('a', [
      { type: 'account.deposited', schemaVersion: 2, data: '{"euro":3}' },
    ])
    using pauses = listen('hindcast:projections:paused')
    {
      await using old = await startAlone(log.source(), tables, [Balances])
      await expect(old.view(Balances).get('a', { atLeast: newer })).rejects.toMatchObject({
        code: 'HC_PROJECTION_STOPPED',
        message: expect.stringMatching(/it has paused at offset 2/) as string,
        cause: { code: 'HC_EVENT_NEWER_THAN_CODE' },
      })
      expect((await old.health())[0]).toMatchObject({ state: 'paused', checkpoint: 2n, lagEvents: 1 })
      expect(await old.view(Balances).get('a')).toMatchObject({ cents: 0n })
    }
    expect(pauses.messages).toMatchObject([{ projection: 'balances', checkpoint: 2n }])
    await using upgraded = await startAlone(log.source([Opened, NewDeposited]), tables, [UpgradedBalances])
    expect(await upgraded.view(UpgradedBalances).get('a', { atLeast: newer })).toMatchObject({ cents: 300n })
  })
})

describe('workers that are given one partition on purpose', () => {
  it('count every event once, whoever commits it', async () => {
    const log = await BankLog.open(2)
    const tables: MemoryTables = new Map()
    using retries = listen('hindcast:projections:retrying')
    await using first = await startAlone(log.source(), tables, [Totals, Balances])
    await using second = await startAlone(log.source(), tables, [Totals, Balances])
    const last = new Map<string, Awaited<ReturnType<BankLog['append']>>>()
    let cents = 0n
    for (let i = 0; i < 300; i++) {
      const position = await log.append(`k${i}`, opened, deposited(i))
      last.set(position.split(':')[0]!, position)
      cents += BigInt(i)
      if (i % 10 === 0) await new Promise(resolve => setImmediate(resolve))
    }
    for (const runtime of [first, second])
      for (const atLeast of last.values()) {
        await runtime.view(Totals).all({ atLeast })
        await runtime.view(Balances).all({ atLeast })
      }
    expect(await first.view(Totals).get('all')).toEqual({ name: 'all', deposits: 300, cents })
    expect(await second.view(Balances).all()).toHaveLength(300)
    expect(retries.messages.length).toBeGreaterThan(0)
    expect(retries.messages.every(({ error }) => error === undefined)).toBe(true)
  })
})

describe('a worker whose store has trouble', () => {
  const outage = () => new AppendNotSentError('account-a', 'c', 'the database is away')

  it('waits and goes on from the checkpoint when the trouble passes, whether its commit went through or not', async () => {
    const log = await BankLog.open()
    await log.append('a', opened, deposited(1))
    let transactions = 0
    await using runtime = await startAlone(log.source(), new Map(), [Balances], store =>
      transacting(store, async (fence, work) => {
        const turn = transactions++
        if (turn === 0) throw outage()
        const result = await store.transact(fence, work)
        if (turn === 1) throw outage()
        return result
      }),
    )
    const view = runtime.view(Balances)
    expect(await view.get('a', { atLeast: makePosition('bank', 0, 2n) })).toMatchObject({ cents: 1n })
    expect(await view.get('a', { atLeast: await log.append('a', deposited(2)) })).toMatchObject({ cents: 3n })
    expect(transactions).toBe(3)
    expect(await healthOnce(runtime, ({ state }) => state === 'live')).toMatchObject({ lagEvents: 0 })
  })

  it('stops when the trouble says nothing of passing', async () => {
    const log = await BankLog.open()
    const atLeast = await log.append('a', opened)
    await using runtime = await startAlone(log.source(), new Map(), [Balances], store =>
      transacting(store, () => Promise.reject(new Error('disk on fire'))),
    )
    await expect(runtime.view(Balances).get('a', { atLeast })).rejects.toThrow('disk on fire')
  })

  it('stops when its checkpoint lies beyond the log', async () => {
    const tables: MemoryTables = new Map()
    const longer = await BankLog.open()
    const position = await longer.append('a', opened, deposited(1), deposited(2))
    {
      await using runtime = await startAlone(longer.source(), tables, [Balances])
      await runtime.view(Balances).get('a', { atLeast: position })
    }
    const shorter = await BankLog.open()
    await using runtime = await startAlone(shorter.source(), tables, [Balances])
    const health = await healthOnce(runtime, ({ state }) => state === 'stopped')
    expect(health).toMatchObject({ checkpoint: 4n, end: 1n, error: { code: 'HC_CHECKPOINT_BEYOND_LOG' } })
  })

  it('stops when its log is closed under it', async () => {
    const log = await BankLog.open()
    await using runtime = await startAlone(log.source(), new Map(), [Balances])
    const view = runtime.view(Balances)
    const waiting = view.get('a', { atLeast: makePosition('bank', 0, 5n) })
    await log.store[Symbol.asyncDispose]()
    await expect(waiting).rejects.toMatchObject({ cause: { code: 'HC_STORE_CLOSED' } })
  })
})

describe('closing projections', () => {
  it('finishes the batch in hand and begins no other', async () => {
    const log = await BankLog.open()
    await log.append('a', opened)
    const tables: MemoryTables = new Map()
    let begun!: () => void
    const inHand = new Promise<void>(resolve => (begun = resolve))
    let goOn!: () => void
    const held = new Promise<void>(resolve => (goOn = resolve))
    const runtime = await startAlone(log.source(), tables, [Balances], store =>
      transacting(store, async (fence, work) => {
        begun()
        await held
        return store.transact(fence, work)
      }),
    )
    await inHand
    await log.append('a', deposited(1))
    const closing = runtime[Symbol.asyncDispose]()
    goOn()
    await closing
    await runtime[Symbol.asyncDispose]()
    await using after = await startAlone(log.source(), tables, [])
    expect(await after.health()).toEqual([])
    const table = tables.get('balances_v1')!
    expect(table.partition({ log: 'bank', partition: 0 }).next).toBe(2n)
    expect(table.all()).toEqual([{ id: 'a', owner: 'Ada', cents: 0n }])
  })
})
