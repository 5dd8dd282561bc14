import { expect, it, onTestFinished, vi } from 'vitest'
import { append, appendOf, eventsOf, idsOf } from './stage/appends.js'
import { alterTopic } from './stage/foreign.js'
import { until } from './stage/gate.js'
import { kafkaSuite } from '../../../../test/servers/suites.js'
import { openRival, openStage } from './stage/stage.js'
import { contentOf, validIds } from './stage/topic-content.js'

const HOUR_MS = 3_600_000
const ANY_TIME = '9223372036854775807'

/** The wall clock shows another time, to the end of the test; the monotonic clock goes on. */
function moveClock(byMs: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + byMs })
  onTestFinished(() => void vi.useRealTimers())
}

kafkaSuite('a process that has not heard of the others for longer than maxStalenessMs', () => {
  it('reads to the end before it appends: it sends nothing that must lose', async () => {
    const stage = await openStage({ deaf: true, maxStalenessMs: 50 })
    const { store, port } = stage
    await append(store, 'account-1')
    await append((await openRival(stage)).store, 'account-1', { expected: 0 })
    const heard = performance.now()
    await until(() => performance.now() > heard + 50, 'what it knows is old')
    port.sent.length = 0
    expect(await appendOf(store, 'account-1', { expected: 0 }).run()).toMatchObject({
      kind: 'conflict',
      actual: 1,
    })
    expect(port.sent).toEqual([])
  })

  it.each([
    ['forwards', HOUR_MS / 4],
    ['backwards', -HOUR_MS / 4],
  ])('reads to the end also when only its wall clock has moved, %s', async (_, by) => {
    const stage = await openStage({ deaf: true })
    const { store, port } = stage
    await append(store, 'account-1')
    await append((await openRival(stage)).store, 'account-1', { expected: 0 })
    port.sent.length = 0
    moveClock(by)
    expect(await appendOf(store, 'account-1', { expected: 0 }).run()).toMatchObject({
      kind: 'conflict',
      actual: 1,
    })
    expect(port.sent).toEqual([])
  })

  it('does not read before each append while it is fresh', async () => {
    const { store, port } = await openStage({ deaf: true })
    await append(store, 'account-1')
    const { fetches } = port
    for (let i = 0; i < 5; i++) await append(store, 'account-1', { expected: i })
    expect(port.fetches).toBe(fetches)
  })
})

kafkaSuite('what a process knows', () => {
  it('may lag in a plain read, and is the end of the log in a fresh one', async () => {
    const stage = await openStage({ deaf: true })
    const others = await append((await openRival(stage)).store, 'account-1')
    expect(await eventsOf(stage.store, 'account-1')).toEqual([])
    expect(await idsOf(stage.store, 'account-1')).toEqual(others)
  })

  it('comes to it by itself when others append', async () => {
    const stage = await openStage()
    const others = await append((await openRival(stage)).store, 'account-1')
    await expect.poll(() => eventsOf(stage.store, 'account-1')).toHaveLength(others.length)
  })

  it('is caught up before it says conflict: the refusal was true at some moment since the call', async () => {
    const stage = await openStage({ deaf: true })
    const { store } = stage
    await append(store, 'account-1')
    await append((await openRival(stage)).store, 'account-1', { events: 3 })
    // It knows of version 0 only; by that, 3 would be refused.
    expect(await appendOf(store, 'account-1', { expected: 3 }).run()).toMatchObject({
      kind: 'appended',
      versions: [4],
    })
    const conflict = await appendOf(store, 'account-1', { expected: 'none' }).run()
    expect(conflict).toEqual({ kind: 'conflict', stream: 'account-1', expected: 'none', actual: 4 })
  })

  it('includes the command ids of others, also when they come while an append is on its way', async () => {
    const stage = await openStage({ deaf: true })
    const rival = await openRival(stage)
    await append(stage.store, 'account-1')
    const { ids, commandId } = appendOf(rival.store, 'account-1')
    const write = (id: string) => [
      {
        stream: 'account-1',
        expected: 'any' as const,
        events: [{ id, type: 'test.happened', schemaVersion: 1, data: '{}' }],
      },
    ]
    await rival.store.append(write(ids[0]!), { commandId })
    expect(await stage.store.append(write('again'), { commandId })).toMatchObject({
      kind: 'appended',
      repeated: true,
      versions: [1],
    })
    expect(await validIds(stage.topic)).not.toContain('again')
  })
})

kafkaSuite("a record's timestamp", () => {
  it('is the wall clock, and never below the last one of the partition, whatever clocks say', async () => {
    const stage = await openStage({ deaf: true })
    // Clocks may be as wrong as they like: the topic takes it all here.
    const rival = await openRival(stage, { deaf: true })
    await alterTopic(stage.topic, {
      'message.timestamp.before.max.ms': ANY_TIME,
      'message.timestamp.after.max.ms': ANY_TIME,
    })
    await append(stage.store, 'account-1')
    for (const [by, { store }] of [
      [HOUR_MS / 2, rival],
      [-HOUR_MS * 25, stage],
      [0, rival],
    ] as const) {
      vi.useFakeTimers({ toFake: ['Date'], now: performance.timeOrigin + performance.now() + by })
      await append(store, 'account-1')
    }
    vi.useRealTimers()
    await append(stage.store, 'account-1')
    const timestamps = (await contentOf(stage.topic)).map(({ timestamp }) => timestamp)
    expect(timestamps).toEqual(timestamps.toSorted((a, b) => a - b))
    expect(Math.min(...timestamps)).toBeGreaterThan(0)
    expect(timestamps.at(-1)! - timestamps[1]!).toBeGreaterThan(HOUR_MS / 2 - 60_000)
  })
})
