import { describe, expect, it } from 'vitest'
import { makePosition, parsePosition, type Position } from '../../src/index.js'
import { Balances, Closed, Deposited, Opened, Totals, Unrelated } from '../projection/bank.js'
import { BankLog, startAlone, transacting } from '../projection/log.js'

const opened = Opened.of({ owner: 'Ada' })

describe('a view', () => {
  it('waits for an event that the projection does not even fold', async () => {
    const log = await BankLog.open()
    await using runtime = await startAlone(log.source(), new Map(), [Balances])
    const atLeast = await log.append('a', new Unrelated())
    expect(await runtime.view(Balances).get('a', { atLeast })).toBeUndefined()
  })

  it('waits for an event that is not appended yet', async () => {
    const log = await BankLog.open()
    await using runtime = await startAlone(log.source(), new Map(), [Balances])
    const waiting = runtime.view(Balances).get('a', { atLeast: makePosition('bank', 0, 1n) })
    await log.append('a', opened)
    expect(await waiting).toEqual({ id: 'a', owner: 'Ada', cents: 0n })
  })

  it('answers without waiting what is there, however old', async () => {
    const log = await BankLog.open()
    await log.append('a', opened)
    let goOn!: () => void
    const held = new Promise<void>(resolve => (goOn = resolve))
    await using runtime = await startAlone(log.source(), new Map(), [Balances], store =>
      transacting(store, (fence, work) => held.then(() => store.transact(fence, work))),
    )
    expect(await runtime.view(Balances).all()).toEqual([])
    await expect(
      runtime.view(Balances).get('a', { atLeast: makePosition('bank', 0, 1n), timeoutMs: 0 }),
    ).rejects.toMatchObject({
      code: 'HC_READ_MODEL_BEHIND',
      retryable: true,
      message: expect.stringMatching(
        /projection "balances" has not come to position bank\/0:1 within 0 ms: its next offset there is 0/,
      ) as string,
    })
    goOn()
  })

  it('waits for the events of several positions, of whichever partition is last', async () => {
    const log = await BankLog.open(4)
    const keys = ['a', 'b', 'c', 'd', 'e', 'f']
    const positions: Position[] = []
    for (const key of keys) positions.push(await log.append(key, opened))
    const partitions = positions.map(position => parsePosition(position).partition)
    const slow = partitions[0]!
    const fast = positions.filter((_, i) => partitions[i] !== slow)
    expect(fast.length).toBeGreaterThan(1)
    let goOn!: () => void
    const held = new Promise<void>(resolve => (goOn = resolve))
    await using runtime = await startAlone(log.source(), new Map(), [Balances], store =>
      transacting(store, async (fence, work) => {
        if (fence.partition === slow) await held
        return store.transact(fence, work)
      }),
    )
    using _ = { [Symbol.dispose]: goOn }
    const view = runtime.view(Balances)
    expect((await view.all({ atLeast: fast })).length).toBeGreaterThanOrEqual(fast.length)
    for (const atLeast of [positions, positions.toReversed()])
      await expect(view.all({ atLeast, timeoutMs: 0 })).rejects.toMatchObject({
        code: 'HC_READ_MODEL_BEHIND',
      })
    const waiting = [positions, positions.toReversed()].map(atLeast => view.all({ atLeast }))
    goOn()
    for (const rows of await Promise.all(waiting)) expect(rows).toHaveLength(keys.length)
    expect(await view.get('a', { atLeast: [] })).toMatchObject({ id: 'a' })
  })

  it('asked for several positions is told of the one that is parked, or that it never comes to', async () => {
    const log = await BankLog.open(4)
    const good = await log.append('a', opened)
    const bad = await log.append('b', new Closed())
    await using runtime = await startAlone(log.source(), new Map(), [Balances])
    for (const atLeast of [
      [good, bad],
      [bad, good],
    ])
      await expect(runtime.view(Balances).get('a', { atLeast })).rejects.toMatchObject({
        code: 'HC_PROJECTION_STOPPED',
      })
  })

  it('knows that a log without events of the projection has nothing more to show', async () => {
    const log = await BankLog.open()
    await log.append('a', opened)
    const source = {
      ...log.source(),
      categoriesOf: (event: unknown) => (event === Deposited ? [] : ['account']),
    }
    await using runtime = await startAlone(source, new Map(), [Totals])
    const atLeast = makePosition('bank', 0, 1000n)
    expect(await runtime.view(Totals).all({ atLeast })).toEqual([])
    expect(await runtime.health()).toEqual([])
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['no number of milliseconds', { timeoutMs: Number.NaN }, 'HC_READ_OPTIONS'],
    ['a time before now', { timeoutMs: -1 }, 'HC_READ_OPTIONS'],
    ['no position', { atLeast: 'yesterday' }, 'HC_POSITION'],
    ['no position among several', { atLeast: [makePosition('bank', 0, 0n), 'yesterday'] }, 'HC_POSITION'],
    ['what is no text', { atLeast: 7 }, 'HC_POSITION'],
    ['a position of another log', { atLeast: 'shop/0:1' }, 'HC_POSITION'],
    ['a partition that the log does not have', { atLeast: 'bank/7:1' }, 'HC_POSITION'],
  ])('refuses %s', async (_, options, code) => {
    const log = await BankLog.open()
    await using runtime = await startAlone(log.source(), new Map(), [Balances])
    await expect(runtime.view(Balances).get('a', options as { atLeast: Position })).rejects.toMatchObject({
      code,
    })
  })

  it.each([7, '', 'x'.repeat(501), 'a\0'])('refuses the key %j', async key => {
    const log = await BankLog.open()
    await using runtime = await startAlone(log.source(), new Map(), [Balances])
    await expect(runtime.view(Balances).get(key as string)).rejects.toMatchObject({ code: 'HC_READ_OPTIONS' })
  })

  it('shows everything committed before its partition stopped', async () => {
    const log = await BankLog.open()
    const good = await log.append('a', opened)
    const bad = await log.append('b', new Closed())
    await using runtime = await startAlone(log.source(), new Map(), [Balances])
    const view = runtime.view(Balances)
    await expect(view.get('b', { atLeast: bad })).rejects.toMatchObject({ code: 'HC_PROJECTION_STOPPED' })
    expect(await view.get('a', { atLeast: good })).toMatchObject({ id: 'a' })
    expect(await view.get('a')).toMatchObject({ id: 'a' })
  })
})
