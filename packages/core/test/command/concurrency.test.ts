import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memory, type App } from '../../src/index.js'
import { Add, Look, Slow } from './counter.js'
import { eventsOf, startCounters, totalInLog } from './harness.js'

describe('commands on one stream', () => {
  it('never lose an update: 200 at once in one process', async () => {
    await using app = await startCounters()
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, () => app.execute('c-1', Add.of({ amount: 1 }))),
    )
    expect(outcomes.map(outcome => outcome.result.total)).toEqual(
      Array.from({ length: 200 }, (_, i) => i + 1),
    )
    expect(await totalInLog(app.store, 'counter-c-1')).toBe(200)
  })

  it('never lose an update: four processes that know nothing of each other', async () => {
    const store = memory()
    const apps = await Promise.all([0, 1, 2, 3].map(() => startCounters({ store })))
    const outcomes = await Promise.all(
      Array.from({ length: 400 }, (_, i) => apps[i % 4]!.execute('c-1', Add.of({ amount: 1 }))),
    )
    expect(new Set(outcomes.map(outcome => outcome.result.total)).size).toBe(400)
    expect(await totalInLog(apps[0]!.store, 'counter-c-1')).toBe(400)
    await Promise.all(apps.map(app => app.stop()))
  })

  it('is refused only on what is true: a stale cached state is read again before a refusal', async () => {
    const store = memory()
    await using rich = await startCounters({ store })
    await using stale = await startCounters({ store })
    await stale.execute('c-1', Look.of())
    await rich.execute('c-1', Add.of({ amount: 10 }))
    expect((await stale.execute('c-1', Add.of({ amount: -10 }))).result).toEqual({ total: 0 })
    await rich.execute('c-1', Add.of({ amount: 4 }))
    expect((await stale.execute('c-1', Look.of())).result).toEqual({ total: 4 })
  })

  it('is refused with expected and actual when others are first until its time is up', async () => {
    const store = memory()
    await using rival = await startCounters({ store })
    await using app = await startCounters({
      store,
      commandTimeoutMs: 100,
      gate: async () => {
        await rival.execute('c-1', Add.of({ amount: 1 }))
      },
    })
    await expect(app.execute('c-1', Slow.of())).rejects.toMatchObject({
      code: 'HC_CONCURRENCY',
      retryable: true,
      context: {
        stream: 'counter-c-1',
        expected: expect.anything() as unknown,
        actual: expect.any(Number) as number,
      },
    })
    const events = await eventsOf(rival.store, 'counter-c-1')
    expect(events.every((event, i) => event.version === i)).toBe(true)
  })

  it('decides again on the new state after a conflict', async () => {
    const store = memory()
    await using rival = await startCounters({ store })
    let tries = 0
    await using app = await startCounters({
      store,
      gate: async () => {
        if (tries++ === 0) await rival.execute('c-1', Add.of({ amount: 7 }))
      },
    })
    expect((await app.execute('c-1', Slow.of())).result).toEqual({ total: 8 })
    expect(tries).toBe(2)
  })

  it('throws the cached state away where the cache is full, and stays right', async () => {
    await using app = await startCounters({ cachedAggregates: 2 })
    for (let round = 1; round <= 3; round++)
      for (const key of ['a', 'b', 'c', 'd'])
        expect((await app.execute(key, Add.of({ amount: 1 }))).result).toEqual({ total: round })
  })
})

describe('random commands against a model', () => {
  const step = fc.record({
    app: fc.nat({ max: 2 }),
    key: fc.constantFrom('a', 'b'),
    amount: fc.integer({ min: -3, max: 4 }),
    commandId: fc.option(fc.constantFrom('i', 'j', 'k'), { nil: undefined }),
  })

  it('run one after the other in any process, give what a plain sum gives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async steps => {
        const store = memory({ partitions: 2 })
        const apps = await Promise.all([0, 1, 2].map(() => startCounters({ store })))
        const totals = new Map<string, number>()
        const done = new Map<string, number>()
        for (const { app, key, amount, commandId } of steps) {
          const id = commandId === undefined ? undefined : `${key}/${commandId}`
          const before = totals.get(key) ?? 0
          const known = id === undefined ? undefined : done.get(id)
          const outcome = await apps[app]!.execute(
            key,
            Add.of({ amount }),
            id === undefined ? {} : { commandId: id },
          )
            .then(executed => executed.result.total)
            .catch((error: { code: string }) => error.code)
          if (known !== undefined) expect(outcome).toBe(known)
          else if (before + amount < 0) expect(outcome).toBe('counter.below_zero')
          else {
            expect(outcome).toBe(before + amount)
            totals.set(key, before + amount)
            if (id !== undefined) done.set(id, before + amount)
          }
        }
        for (const [key, total] of totals)
          expect(await totalInLog(apps[0]!.store, `counter-${key}`)).toBe(total)
        await Promise.all(apps.map(app => app.stop()))
      }),
      { numRuns: 60 },
    )
  })

  it('run side by side, never break the rule, and the results are exactly those of the log', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async steps => {
        const store = memory({ partitions: 2 })
        const apps: App[] = await Promise.all([0, 1, 2].map(() => startCounters({ store })))
        const results = await Promise.all(
          steps.map(async ({ app, key, amount }) => {
            const executed = await apps[app]!.execute(key, Add.of({ amount })).catch(() => undefined)
            return executed && { key, version: executed.version, total: executed.result.total }
          }),
        )
        for (const key of ['a', 'b']) {
          let sum = 0
          const totals = (await eventsOf(apps[0]!.store, `counter-${key}`)).map(
            event => (sum += (JSON.parse(event.data) as { amount: number }).amount),
          )
          expect(totals.every(total => total >= 0)).toBe(true)
          const accepted = results.filter(result => result?.key === key)
          expect(accepted).toHaveLength(totals.length)
          for (const result of accepted) expect(totals[result!.version as number]).toBe(result!.total)
        }
        await Promise.all(apps.map(app => app.stop()))
      }),
      { numRuns: 60 },
    )
  })
})
