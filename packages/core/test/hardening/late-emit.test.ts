import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { Look, Slow } from '../command/counter.js'
import { eventsOf, signal, startCounters } from '../command/harness.js'

describe('a handler that ran out of time', () => {
  it('cannot emit into the command that is being handled after it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const first = signal()
    const second = signal()
    const started = signal()
    let calls = 0
    await using app = await startCounters({
      commandTimeoutMs: 200,
      gate: () => {
        if (++calls === 1) return first.reached
        started.reach()
        return second.reached
      },
    })
    await app.execute('c-1', Look.of())
    const late = app.execute('c-1', Slow.of(), { commandId: 'late' }).catch((error: unknown) => error)
    // Sent later, so that its own time is not up yet when its turn comes.
    await vi.advanceTimersByTimeAsync(100)
    const next = app.execute('c-1', Slow.of())
    await vi.advanceTimersByTimeAsync(100)
    await started.reached
    first.reach()
    expect(await late).toMatchObject({ code: 'HC_COMMAND_TIMEOUT' })
    second.reach()
    await next
    expect(await eventsOf(app.store, 'counter-c-1')).toHaveLength(1)
  })
})
