import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, it, vi } from 'vitest'
import type { CommandDiagnostic } from '../../src/index.js'
import { Add, AddThenThrow } from '../command/counter.js'
import { startCounters } from '../command/harness.js'

async function stderrOf(work: () => Promise<void>): Promise<string> {
  let text = ''
  const write = vi.spyOn(process.stderr, 'write').mockImplementation(chunk => {
    text += String(chunk)
    return true
  })
  try {
    await work()
  } finally {
    write.mockRestore()
  }
  return text
}

describe('an app', () => {
  it('publishes every command with its outcome and duration', async () => {
    const seen: CommandDiagnostic[] = []
    const listener = (message: unknown): void => void seen.push(message as CommandDiagnostic)
    subscribe('hindcast:core:command', listener)
    try {
      await using app = await startCounters()
      await app.execute('c', Add.of({ amount: 1 }), { commandId: 'i' })
      await app.execute('c', Add.of({ amount: 1 }), { commandId: 'i' })
      await app.execute('c', AddThenThrow.of()).catch(() => undefined)
      const mine = seen.filter(message => message.logId === app.store.logId)
      expect(mine).toMatchObject([
        {
          command: 'counter.add',
          stream: 'counter-c',
          outcome: 'done',
          repeated: false,
          durationMs: expect.any(Number) as number,
        },
        { outcome: 'done', repeated: true },
        {
          command: 'counter.add_then_throw',
          outcome: 'counter.changed_mind',
          error: expect.any(Error) as Error,
        },
      ])
    } finally {
      unsubscribe('hindcast:core:command', listener)
    }
  })

  it('says when it starts, when it stops, and what failed in a way nobody planned, in words', async () => {
    const text = await stderrOf(async () => {
      await using app = await startCounters({
        log: 'pretty',
        aroundCommand: () => Promise.reject(new TypeError('x is not a function')),
      })
      await app.execute('c', Add.of({ amount: 1 })).catch(() => undefined)
    })
    expect(text).toMatch(/hindcast started in \d+ ms: log [\w-]+, 8 partitions, 1 aggregates, 0 projections/)
    expect(text).toMatch(
      /✗ hindcast command "counter\.add" on stream "counter-c" failed: TypeError: x is not a function/,
    )
    expect(text).toMatch(/hindcast stopped/)
  })

  it('says the same in JSON, a line each', async () => {
    const text = await stderrOf(async () => {
      await using app = await startCounters({ log: 'json' })
      await app.execute('c', AddThenThrow.of()).catch(() => undefined)
    })
    const lines = text
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>)
    expect(lines).toMatchObject([
      { level: 'info', partitions: 8, aggregates: 1 },
      { level: 'info', message: expect.stringContaining('stopped') as string },
    ])
  })
})
