import { describe, expect, it } from 'vitest'
import {
  Column,
  Event,
  Insert,
  Key,
  makePosition,
  park,
  Projection,
  RowProjection,
  skip,
  stop,
  Update,
  Upsert,
  type EventMeta,
  type MemoryTables,
} from '../../../src/index.js'
import { BalanceRow, Deposited, Opened, TotalRow } from '../bank.js'
import { BankLog, caughtUp, healthOnce, parkedOf, startAlone } from '../log.js'
import { listen } from '../listen.js'

const opened = Opened.of({ owner: 'Ada' })
const deposited = (cents: number) => Deposited.of({ cents })

/** What the folds below throw at; emptied when "the code is mended". */
const refused = new Set<number>()
function fold(row: BalanceRow, { cents }: Deposited): BalanceRow {
  if (refused.has(cents)) throw new Error(`${cents} is refused`)
  row.cents += BigInt(cents)
  return row
}

@Projection('balances', { version: 1, row: BalanceRow, onFailure: park() })
class Balances extends RowProjection<BalanceRow> {
  @Insert(Opened) opened(event: Opened, meta: EventMeta): BalanceRow {
    return { id: meta.key, owner: event.owner, cents: 0n }
  }
  @Update(Deposited) deposited(row: BalanceRow, event: Deposited) {
    return fold(row, event)
  }
}

@Projection('skipping', { version: 1, row: BalanceRow, onFailure: skip() })
class Skipping extends RowProjection<BalanceRow> {
  @Insert(Opened) opened(event: Opened, meta: EventMeta): BalanceRow {
    return { id: meta.key, owner: event.owner, cents: 0n }
  }
  @Update(Deposited) deposited(row: BalanceRow, event: Deposited) {
    return fold(row, event)
  }
}

@Projection('patient', {
  version: 1,
  row: BalanceRow,
  onFailure: stop({ retries: 2, minBackOffMs: 1, maxBackOffMs: 2 }),
})
class Patient extends RowProjection<BalanceRow> {
  @Insert(Opened) opened(event: Opened, meta: EventMeta): BalanceRow {
    return { id: meta.key, owner: event.owner, cents: 0n }
  }
  @Update(Deposited) deposited(row: BalanceRow, event: Deposited) {
    return fold(row, event)
  }
}

/** Each deposit changes the row of its digits: 12 those of 1 and 2. */
@Projection('digits', { version: 1, row: TotalRow, onFailure: park() })
class Digits extends RowProjection<TotalRow> {
  @Upsert(Deposited, { key: event => String(event.cents).split('') })
  deposited(row: TotalRow | undefined, { cents }: Deposited, _: EventMeta, key: string): TotalRow {
    if (refused.has(cents)) throw new Error(`${cents} is refused`)
    return { name: key, deposits: (row?.deposits ?? 0) + 1, cents: (row?.cents ?? 0n) + BigInt(cents) }
  }
}

describe('a projection that parks', () => {
  it('sets a failing event aside with all later ones of its key, in order, and goes on with the others', async () => {
    refused.add(7)
    const log = await BankLog.open()
    await log.append('a', opened, deposited(1))
    await log.append('a', deposited(7), deposited(2))
    await log.append('b', opened, deposited(3))
    const last = await log.append('a', deposited(4))
    const other = await log.append('b', deposited(5))
    using setAside = listen('hindcast:projections:set-aside')
    await using runtime = await startAlone(log.source(), new Map(), [Balances])
    const view = runtime.view(Balances)
    expect(await view.get('b', { atLeast: other })).toMatchObject({ cents: 8n })
    expect(await view.get('a')).toMatchObject({ cents: 1n })
    expect(await parkedOf(runtime, Balances)).toEqual(['3: a', '4: a', '7: a'])
    expect(setAside.messages[0]).toMatchObject({
      logId: 'bank',
      projection: 'balances',
      parked: [{ offset: 3n, code: 'HC_FOLD_FAILED' }, { offset: 4n }],
      passed: [],
    })
    expect(await runtime.parked(Balances).list()).toMatchObject([
      {
        code: 'HC_FOLD_FAILED',
        message: expect.stringContaining('7 is refused') as string,
        stream: 'account-a',
        streamVersion: 2,
        type: 'account.deposited',
        log: 'bank',
        partition: 0,
      },
      { code: 'HC_PARKED_BEHIND', message: 'it waits behind the parked events of "a"' },
      { code: 'HC_PARKED_BEHIND' },
    ])
    expect(await healthOnce(runtime, ({ state }) => state === 'live')).toMatchObject({
      parked: 3,
      lagEvents: 0,
    })
    await expect(view.get('a', { atLeast: last })).rejects.toMatchObject({
      code: 'HC_READ_MODEL_PARKED',
      message: expect.stringMatching(
        /offset 3, is parked with key "a" \(HC_FOLD_FAILED: .*retry it, or drop it/,
      ) as string,
    })
    await expect(view.get('a', { atLeast: other })).rejects.toMatchObject({ code: 'HC_READ_MODEL_PARKED' })
    await expect(view.all({ atLeast: last })).rejects.toMatchObject({ code: 'HC_READ_MODEL_PARKED' })
    expect(await view.all({ atLeast: other })).toHaveLength(2)
  })

  it('keeps what is parked over a restart, folds it in order when it is retried, and then goes on as ever', async () => {
    refused.add(7)
    const log = await BankLog.open()
    const tables: MemoryTables = new Map()
    await log.append('a', opened, deposited(7), deposited(1))
    {
      await using before = await startAlone(log.source(), tables, [Balances])
      await caughtUp(before)
      expect(await before.parked(Balances).retry(['a'])).toMatchObject({
        folded: 0,
        parked: 2,
        error: { code: 'HC_FOLD_FAILED' },
        open: [],
      })
      expect((await before.parked(Balances).list()).map(({ retries }) => retries)).toEqual([1, 0])
    }
    refused.clear()
    await log.append('a', deposited(2))
    await using after = await startAlone(log.source(), tables, [Balances])
    await caughtUp(after)
    expect(await after.view(Balances).get('a')).toMatchObject({ cents: 0n })
    expect(await parkedOf(after, Balances)).toEqual(['2: a', '3: a', '4: a'])
    expect(await after.parked(Balances).retry()).toEqual({ folded: 3, dropped: 0, parked: 0, open: [] })
    expect(await parkedOf(after, Balances)).toEqual([])
    const atLeast = await log.append('a', deposited(3))
    expect(await after.view(Balances).get('a', { atLeast })).toMatchObject({ cents: 13n })
  })

  it('drops the first of a key by request, with the reason, and folds what waited behind it', async () => {
    refused.add(7)
    const log = await BankLog.open()
    const atLeast = await log.append('a', opened, deposited(7), deposited(1))
    await using runtime = await startAlone(log.source(), new Map(), [Balances])
    await caughtUp(runtime)
    const parked = runtime.parked(Balances)
    expect(await parked.drop(['a'], 'entered twice')).toEqual({ folded: 1, dropped: 1, parked: 0, open: [] })
    expect(await parked.passed()).toMatchObject([
      { offset: 2n, keys: ['a'], why: 'dropped', reason: 'entered twice', code: 'HC_FOLD_FAILED' },
    ])
    expect(await runtime.view(Balances).get('a', { atLeast })).toMatchObject({ cents: 1n })
    expect(() => parked.drop([], 'all')).toThrow(expect.objectContaining({ code: 'HC_PARKED_REQUEST' }))
    expect(() => parked.drop(['a'], ' ')).toThrow(expect.objectContaining({ code: 'HC_PARKED_REQUEST' }))
    expect(await parked.retry(['nobody'])).toEqual({ folded: 0, dropped: 0, parked: 0, open: [] })
    refused.clear()
  })

  it('drops one event a request, also when two requests are made at the same time', async () => {
    for (const cents of [7, 8, 9]) refused.add(cents)
    const log = await BankLog.open()
    await log.append('a', opened, deposited(7), deposited(8), deposited(9))
    await log.append('b', opened, deposited(7), deposited(8), deposited(9))
    await using runtime = await startAlone(log.source(), new Map(), [Balances])
    await caughtUp(runtime)
    const parked = runtime.parked(Balances)
    const both = await Promise.all([parked.drop(['a'], 'entered twice'), parked.drop(['b'], 'entered twice')])
    expect(both).toMatchObject([
      { dropped: 1, parked: 2 },
      { dropped: 1, parked: 2 },
    ])
    expect((await parked.passed()).map(({ offset }) => offset)).toEqual([2n, 6n])
    refused.clear()
  })

  it('parks all keys of an event, so that nothing of it is half done, and retries what hangs together', async () => {
    refused.add(12)
    const log = await BankLog.open()
    for (const cents of [1, 2, 3, 12, 4, 23, 3, 4, 5]) await log.append('a', deposited(cents))
    await using runtime = await startAlone(log.source(), new Map(), [Digits])
    await caughtUp(runtime)
    expect(await parkedOf(runtime, Digits)).toEqual(['4: 1 2', '6: 2 3', '7: 3'])
    const counts = async () =>
      (await runtime.view(Digits).all()).map(({ name, deposits }) => `${name}x${deposits}`)
    expect(await counts()).toEqual(['1x1', '2x1', '3x1', '4x2', '5x1'])
    refused.clear()
    expect(await runtime.parked(Digits).retry(['3'])).toMatchObject({ folded: 3, parked: 0 })
    expect(await counts()).toEqual(['1x2', '2x3', '3x3', '4x2', '5x1'])
  })

  it('never parks an event newer than its code', async () => {
    const log = await BankLog.open()
    await log.append('a', opened)
    await log.appendRecorded('a', [{ type: 'account.deposited', schemaVersion: 2, data: '{}' }])
    await using runtime = await startAlone(log.source(), new Map(), [Balances])
    const health = await healthOnce(runtime, ({ state }) => state === 'paused')
    expect(health).toMatchObject({ checkpoint: 2n, parked: 0, error: { code: 'HC_EVENT_NEWER_THAN_CODE' } })
  })

  it('does in its owner what another process asks for', async () => {
    refused.add(7)
    const log = await BankLog.open()
    const tables: MemoryTables = new Map()
    await log.append('a', opened, deposited(7))
    await using owner = await startAlone(log.source(), tables, [Balances])
    await caughtUp(owner)
    await using tool = await startAlone(log.source(), tables, [Balances], undefined, 'commands')
    expect(
      await tool.parked(Balances).retry([], { timeoutMs: 0, at: { log: 'bank', partition: 0 } }),
    ).toMatchObject({
      folded: 0,
      open: [{ log: 'bank', partition: 0 }],
    })
    refused.clear()
    expect(await tool.parked(Balances).retry(['a'])).toMatchObject({ open: [] })
    expect(await tool.view(Balances).get('a')).toMatchObject({ cents: 7n })
    expect(await parkedOf(tool, Balances)).toEqual([])
  })
})

describe('a projection that skips', () => {
  it('leaves a failing event out for good and keeps a record of it', async () => {
    refused.add(7)
    const log = await BankLog.open()
    const atLeast = await log.append('a', opened, deposited(7), deposited(1))
    await using runtime = await startAlone(log.source(), new Map(), [Skipping])
    expect(await runtime.view(Skipping).get('a', { atLeast })).toMatchObject({ cents: 1n })
    expect(await runtime.parked(Skipping).list()).toEqual([])
    expect(await runtime.parked(Skipping).passed()).toMatchObject([
      { offset: 2n, keys: ['a'], why: 'skipped', code: 'HC_FOLD_FAILED' },
    ])
    refused.clear()
  })
})

describe('retries of a failing event', () => {
  it('come before the outcome, as often as the policy says', async () => {
    refused.add(7)
    const log = await BankLog.open()
    await log.append('a', opened)
    await log.append('a', deposited(7))
    using retries = listen('hindcast:projections:retrying')
    await using runtime = await startAlone(log.source(), new Map(), [Patient])
    const health = await healthOnce(runtime, ({ state }) => state === 'stopped')
    expect(health).toMatchObject({ checkpoint: 2n, error: { code: 'HC_FOLD_FAILED' } })
    expect(retries.messages).toMatchObject([
      { projection: 'patient', checkpoint: 2n, error: { code: 'HC_FOLD_FAILED' } },
      { projection: 'patient', checkpoint: 2n },
    ])
    refused.clear()
  })

  it('go on by themselves when the cause has passed', async () => {
    refused.add(7)
    const log = await BankLog.open()
    await log.append('a', opened)
    await log.append('a', deposited(7))
    using retries = listen('hindcast:projections:retrying', () => refused.clear())
    await using runtime = await startAlone(log.source(), new Map(), [Patient])
    const atLeast = makePosition('bank', 0, 2n)
    expect(await runtime.view(Patient).get('a', { atLeast })).toMatchObject({ cents: 7n })
    expect(retries.messages).toHaveLength(1)
    expect(await healthOnce(runtime, ({ state }) => state === 'live')).not.toHaveProperty('error')
  })
})

describe('a failure policy', () => {
  it.each([
    [park({ retries: -1 }), /retries is -1, it is a whole number/],
    [skip({ minBackOffMs: 10, maxBackOffMs: 5 }), /minBackOffMs is 10 and maxBackOffMs 5/],
    [{ ...stop(), outcome: 'shrug' as 'stop' }, /made by stop\(\), park\(\) or skip\(\)/],
  ])('that cannot be is refused at start', async (onFailure, message) => {
    class Named extends Event('x.y') {}
    class NameRow {
      @Key() @Column('text') id!: string
    }
    @Projection('wrong', { version: 1, row: NameRow, onFailure })
    class Wrong extends RowProjection<NameRow> {
      @Insert(Named) named(_: Named, meta: EventMeta): NameRow {
        return { id: meta.key }
      }
    }
    const log = await BankLog.open()
    await expect(startAlone(log.source(), new Map(), [Wrong])).rejects.toMatchObject({
      code: 'HC_PROJECTION_DEFINITION',
      message: expect.stringMatching(message) as string,
    })
  })
})
