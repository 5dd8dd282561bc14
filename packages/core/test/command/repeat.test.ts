import { describe, expect, it } from 'vitest'
import { memory } from '../../src/index.js'
import { Add, Look, Slow } from './counter.js'
import { eventsOf, signal, startCounters, totalInLog } from './harness.js'

describe('a repeated command id', () => {
  it('gives the first result, position and version again, in every process and after a restart', async () => {
    const store = memory()
    const app = await startCounters({ store })
    const first = await app.execute('c-1', Add.of({ amount: 2 }), { commandId: 'id-1' })
    await app.execute('c-1', Add.of({ amount: 40 }))
    await using other = await startCounters({ store })
    for (const process of [app, other])
      expect(await process.execute('c-1', Add.of({ amount: 2 }), { commandId: 'id-1' })).toEqual({
        ...first,
        repeated: true,
      })
    await app.stop()
    await using later = await startCounters({ store })
    expect(await later.execute('c-1', Add.of({ amount: 2 }), { commandId: 'id-1' })).toEqual({
      ...first,
      repeated: true,
    })
    expect(await totalInLog(later.store, 'counter-c-1')).toBe(42)
  })

  it('gives the first result even when the state would refuse the command by now', async () => {
    await using app = await startCounters()
    await app.execute('c-1', Add.of({ amount: 5 }))
    const first = await app.execute('c-1', Add.of({ amount: -5 }), { commandId: 'out' })
    expect(await app.execute('c-1', Add.of({ amount: -5 }), { commandId: 'out' })).toEqual({
      ...first,
      repeated: true,
    })
  })

  it('is refused for another command and for another key of the same partition', async () => {
    await using app = await startCounters({ store: memory({ partitions: 1 }) })
    await app.execute('c-1', Add.of({ amount: 2 }), { commandId: 'id-1' })
    for (const reuse of [
      app.execute('c-1', Slow.of(), { commandId: 'id-1' }),
      app.execute('c-2', Add.of({ amount: 2 }), { commandId: 'id-1' }),
    ])
      await expect(reuse).rejects.toMatchObject({
        code: 'HC_COMMAND_ID_REUSED',
        message: expect.stringContaining('id-1') as string,
      })
    expect(await eventsOf(app.store, 'counter-c-2')).toEqual([])
  })

  it('is executed once when it comes many times at once, in one process and in two', async () => {
    const store = memory()
    await using one = await startCounters({ store })
    await using two = await startCounters({ store })
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 ? one : two).execute('c-1', Add.of({ amount: 1 }), { commandId: 'once' }),
      ),
    )
    expect(outcomes.filter(outcome => !outcome.repeated)).toHaveLength(1)
    expect(
      new Set(outcomes.map(outcome => JSON.stringify([outcome.result, outcome.position, outcome.version])))
        .size,
    ).toBe(1)
    expect(await totalInLog(one.store, 'counter-c-1')).toBe(1)
  })

  it('waits for the first one that is still under way', async () => {
    const { reached, reach } = signal()
    await using app = await startCounters({ gate: () => reached })
    const first = app.execute('c-1', Slow.of(), { commandId: 'slow' })
    const second = app.execute('c-1', Slow.of(), { commandId: 'slow' })
    reach()
    expect((await first).repeated).toBe(false)
    expect((await second).repeated).toBe(true)
  })

  it('decides again when the command emitted nothing, for nothing was recorded', async () => {
    await using app = await startCounters()
    await app.execute('c-1', Look.of(), { commandId: 'look' })
    await app.execute('c-1', Add.of({ amount: 3 }))
    const again = await app.execute('c-1', Look.of(), { commandId: 'look' })
    expect(again).toMatchObject({ result: { total: 3 }, repeated: false })
  })

  it.each(['', 'x'.repeat(201)])('is refused when it is no id: %j', async commandId => {
    await using app = await startCounters()
    await expect(app.execute('c-1', Add.of({ amount: 1 }), { commandId })).rejects.toMatchObject({
      code: 'HC_APPEND_INVALID',
    })
  })
})
