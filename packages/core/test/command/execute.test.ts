import { describe, expect, it } from 'vitest'
import { memory, type CommandCall, type Executed } from '../../src/index.js'
import { Add, AddLarge, AddThenThrow, Counter, EmitUnapplied, Look, ReturnDate, Slow } from './counter.js'
import { eventsOf, signal, startCounters, totalInLog } from './harness.js'

describe('executing a command', () => {
  it('gives the result, the version and a position, and writes the events with their metadata', async () => {
    await using app = await startCounters()
    const first = await app.execute('c-1', Add.of({ amount: 2 }), {
      commandId: 'one',
      actor: 'ada',
      tenant: 't',
    })
    expect(first).toEqual({
      result: { total: 2 },
      version: 0,
      position: expect.stringContaining(`${app.store.logId}/`) as string,
      repeated: false,
    })
    const second = await app.execute('c-1', Add.of({ amount: 3 }), {
      correlationId: 'order-7',
      causationId: 'event-9',
    })
    expect(second.result).toEqual({ total: 5 })
    expect(second.version).toBe(1)
    const events = await eventsOf(app.store, 'counter-c-1')
    expect(events.map(event => [event.type, event.version, event.data])).toEqual([
      ['counter.added', 0, '{"amount":2}'],
      ['counter.added', 1, '{"amount":3}'],
    ])
    expect(events[0]).toMatchObject({ commandId: 'one', metadata: { actor: 'ada', tenant: 't' } })
    expect(events[1]).toMatchObject({ metadata: { correlationId: 'order-7', causationId: 'event-9' } })
  })

  it('takes correlation and causation from the event that caused it', async () => {
    await using app = await startCounters()
    const causedBy = { id: 'event-1', correlationId: 'order-1' } as never
    await app.execute('c-1', Add.of({ amount: 2 }), { causedBy })
    const [event] = await eventsOf(app.store, 'counter-c-1')
    expect(event?.metadata).toEqual({ correlationId: 'order-1', causationId: 'event-1' })
  })

  it('lists every violated rule in one error, and writes nothing', async () => {
    await using app = await startCounters()
    const bad = Add.of({ amount: 1000.5, note: 7 as unknown as string })
    await expect(app.execute('c-1', bad)).rejects.toMatchObject({
      code: 'HC_VALIDATION',
      violations: [
        { path: 'amount', rule: 'max' },
        { path: 'amount', rule: 'isInt' },
        { path: 'note', rule: 'isString' },
      ],
    })
    expect(await eventsOf(app.store, 'counter-c-1')).toEqual([])
  })

  it('writes nothing when the handler throws after it emitted, and decides the next command on the state before', async () => {
    await using app = await startCounters()
    await app.execute('c-1', Add.of({ amount: 5 }))
    await expect(app.execute('c-1', AddThenThrow.of())).rejects.toMatchObject({
      code: 'counter.changed_mind',
    })
    expect((await app.execute('c-1', Look.of())).result).toEqual({ total: 5 })
    expect(await totalInLog(app.store, 'counter-c-1')).toBe(5)
  })

  it('refuses an event without @Apply before anything is written', async () => {
    await using app = await startCounters()
    await expect(app.execute('c-1', EmitUnapplied.of())).rejects.toMatchObject({
      code: 'HC_EVENT_NOT_APPLIED',
    })
    expect(await eventsOf(app.store, 'counter-c-1')).toEqual([])
    expect((await app.execute('c-1', Look.of())).result).toEqual({ total: 0 })
  })

  it('refuses a result that would not come back equal, and writes nothing', async () => {
    await using app = await startCounters()
    await expect(app.execute('c-1', ReturnDate.of())).rejects.toMatchObject({ code: 'HC_COMMAND_RESULT' })
    expect(await eventsOf(app.store, 'counter-c-1')).toEqual([])
  })

  it('refuses an event over the limit and stays usable', async () => {
    await using app = await startCounters()
    await expect(app.execute('c-1', AddLarge.of({ bytes: 300_000 }))).rejects.toMatchObject({
      code: 'HC_LIMIT_EXCEEDED',
    })
    expect((await app.execute('c-1', Add.of({ amount: 1 }))).result).toEqual({ total: 1 })
  })

  it.each([
    ['', 'empty'],
    ['x'.repeat(201), '201 characters'],
    ['a\u0000b', 'control'],
    ['\ud800', 'surrogate'],
  ])('refuses the key %j', async (key, reason) => {
    await using app = await startCounters()
    await expect(app.execute(key, Add.of({ amount: 1 }))).rejects.toMatchObject({
      code: 'HC_STREAM_ID',
      message: expect.stringContaining(reason) as string,
    })
  })

  it('refuses what is no command of a registered aggregate', async () => {
    await using app = await startCounters()
    for (const stray of [undefined, null, {}, 7, new Date()])
      await expect(app.execute('c-1', stray as never)).rejects.toMatchObject({ code: 'HC_COMMAND_UNKNOWN' })
  })

  it('is wrapped by the hook, which sees the call and may refuse it', async () => {
    const calls: CommandCall[] = []
    const aroundCommand = async (call: CommandCall, next: () => Promise<Executed<unknown>>) => {
      calls.push(call)
      if (call.options.actor === undefined) throw new Error('who are you?')
      return next()
    }
    await using app = await startCounters({ aroundCommand })
    await expect(app.execute('c-1', Add.of({ amount: 1 }))).rejects.toThrow('who are you?')
    await app.execute('c-1', Add.of({ amount: 1 }), { actor: 'ada', commandId: 'x' })
    expect(calls.map(({ name, key, stream, commandId }) => [name, key, stream, commandId])[1]).toEqual([
      'counter.add',
      'c-1',
      'counter-c-1',
      'x',
    ])
    expect(await totalInLog(app.store, 'counter-c-1')).toBe(1)
  })

  it('gives up on a handler that never ends, refuses what it emits later, and goes on with the stream', async () => {
    const { reached, reach } = signal()
    let waits = 0
    await using app = await startCounters({
      commandTimeoutMs: 50,
      gate: () => (waits++ === 0 ? reached : Promise.resolve()),
    })
    await expect(app.execute('c-1', Slow.of())).rejects.toMatchObject({ code: 'HC_COMMAND_TIMEOUT' })
    expect((await app.execute('c-1', Slow.of())).result).toEqual({ total: 1 })
    reach()
    await new Promise(resolve => setImmediate(resolve))
    expect(await totalInLog(app.store, 'counter-c-1')).toBe(1)
    expect((await app.execute('c-1', Add.of({ amount: 1 }))).result).toEqual({ total: 2 })
  })

  it('finishes what was accepted when it stops, and refuses the rest', async () => {
    const store = memory()
    const { reached, reach } = signal()
    const app = await startCounters({ store, gate: () => reached })
    const accepted = app.execute('c-1', Slow.of())
    const stopped = app.stop()
    await expect(app.execute('c-1', Add.of({ amount: 1 }))).rejects.toMatchObject({ code: 'HC_APP_STOPPED' })
    reach()
    await expect(accepted).resolves.toMatchObject({ result: { total: 1 } })
    await stopped
    await app.stop()
    await using reader = await startCounters({ store })
    expect(await totalInLog(reader.store, 'counter-c-1')).toBe(1)
  })

  it('takes no commands in a process of workers', async () => {
    await using app = await startCounters({ run: 'workers' })
    await expect(app.execute('c-1', Add.of({ amount: 1 }))).rejects.toMatchObject({ code: 'HC_NOT_RUN_HERE' })
  })

  it('is of no use outside a command: a stray aggregate cannot emit', () => {
    const stray = new Counter() as unknown as { emit(type: unknown, data: object): void }
    expect(() => stray.emit(Add, { amount: 1 })).toThrow(
      expect.objectContaining({ code: 'HC_EMIT_OUTSIDE_COMMAND' }),
    )
  })
})
