import { describe, expect, it } from 'vitest'
import { memory, type App } from '../../src/index.js'
import { Add, AddThenThrow, Look } from '../command/counter.js'
import { startCounters } from '../command/harness.js'

/** `stale` has the counter cached at 0; `rich` has made it 10 since. */
async function staleAndRich(gate?: () => Promise<void>): Promise<{ stale: App; rich: App }> {
  const store = memory()
  const rich = await startCounters({ store })
  const stale = await startCounters({ store, ...(gate && { gate }) })
  await stale.execute('c-1', Look.of())
  await rich.execute('c-1', Add.of({ amount: 10 }))
  return { stale, rich }
}

describe('a refusal on a stale cached state is decided again', () => {
  it('also while another command emits on that state and then throws', async () => {
    const { stale, rich } = await staleAndRich()
    const [taken] = await Promise.allSettled([
      stale.execute('c-1', Add.of({ amount: -10 })),
      stale.execute('c-1', AddThenThrow.of()),
    ])
    await Promise.all([stale.stop(), rich.stop()])
    expect(taken).toMatchObject({ status: 'fulfilled', value: { result: { total: 0 } } })
  })

  it('also while a fresh command catches that state up', async () => {
    const { stale, rich } = await staleAndRich()
    const outcomes = await Promise.allSettled([
      stale.execute('c-1', Look.of()),
      stale.execute('c-1', Look.of(), { fresh: true }),
    ])
    await Promise.all([stale.stop(), rich.stop()])
    expect(outcomes).toMatchObject([
      { status: 'fulfilled', value: { result: { total: 10 } } },
      { status: 'fulfilled', value: { result: { total: 10 } } },
    ])
  })
})
