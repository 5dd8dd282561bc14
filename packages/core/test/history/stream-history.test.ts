import { describe, expect, it } from 'vitest'
import { Hindcast, Ignored, memory, streamHistory, type HistoryStep } from '../../src/index.js'
import { Add, Added, Counter, Empty, history } from './counter.js'

const options = { aggregates: [Counter], upcasters: history, log: false } as const

describe('streamHistory', () => {
  it('tells each event and the state after it', async () => {
    await using app = await Hindcast.start({ ...options, store: memory() })
    await app.execute('a', Add.of({ count: 2 }))
    await app.execute('other', Add.of({ count: 100 }))
    await app.execute('a', Add.of({ count: 3 }))
    await app.execute('a', Empty.of({}))
    const steps = await told(app.store, 'counter-a')
    expect(steps.map(({ meta, state }) => [meta.version, meta.type, (state as Counter).total])).toEqual([
      [0, 'counter.added', 2],
      [1, 'counter.added', 5],
      [2, 'counter.emptied', 0],
    ])
    expect((steps[1]!.state as Counter).last).toEqual(steps[1]!.meta.time)
    expect(steps[0]!.event).toBeInstanceOf(Added)
  })

  it('reads old versions as today, and keeps the place of what nobody reads any more', async () => {
    await using app = await Hindcast.start({ ...options, store: memory() })
    await app.store.append(
      [
        {
          stream: 'counter-a',
          expected: 'none',
          events: [
            { id: '1', type: 'counter.added', schemaVersion: 1, data: '{"n":4}' },
            { id: '2', type: 'counter.painted', schemaVersion: 1, data: '{}' },
            { id: '3', type: 'counter.added', schemaVersion: 2, data: '{"count":1}' },
          ],
        },
      ],
      { commandId: 'c' },
    )
    const steps = await told(app.store, 'counter-a')
    expect(steps.map(({ state }) => (state as Counter).total)).toEqual([4, 4, 5])
    expect(steps[1]!.event).toBeInstanceOf(Ignored)
  })

  it('has nothing to tell of a stream without events', async () => {
    await using app = await Hindcast.start({ ...options, store: memory() })
    expect(await told(app.store, 'counter-nobody')).toEqual([])
  })

  it('refuses a category that no aggregate has, and names the nearest', async () => {
    await using app = await Hindcast.start({ ...options, store: memory() })
    await expect(told(app.store, 'conter-a')).rejects.toMatchObject({
      code: 'HC_CATEGORY_UNKNOWN',
      message: expect.stringContaining('Did you mean "counter"?') as string,
    })
    await expect(told(app.store, 'nothing like it')).rejects.toMatchObject({ code: 'HC_STREAM_ID' })
  })
})

async function told(
  store: Parameters<typeof streamHistory>[0]['store'],
  stream: string,
): Promise<HistoryStep[]> {
  const steps: HistoryStep[] = []
  for await (const step of streamHistory({ store, aggregates: [Counter], upcasters: history }, stream))
    steps.push(step)
  return steps
}
