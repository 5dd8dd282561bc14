import { describe, expect, it } from 'vitest'
import {
  Hindcast,
  memory,
  parsePosition,
  tailLog,
  type App,
  type TailedEvent,
  type TailOptions,
} from '../../src/index.js'
import { Add, Counter, Empty, history } from './counter.js'

const parts = { aggregates: [Counter], upcasters: history }

const start = (): Promise<App> => Hindcast.start({ ...parts, store: memory({ partitions: 3 }), log: false })

describe('tailLog', () => {
  it('gives every event once, in order within a partition, and ends at the end when it is not live', async () => {
    await using app = await start()
    for (let i = 0; i < 60; i++) await app.execute(`k${i % 7}`, Add.of({ count: i }))
    const seen = await collect(app, { from: 'beginning', live: false })
    expect(seen).toHaveLength(60)
    for (const partition of [0, 1, 2]) {
      const offsets = seen.filter(e => e.recorded.partition === partition).map(e => e.recorded.offset)
      expect(offsets).toEqual(offsets.toSorted((a, b) => (a < b ? -1 : 1)))
    }
  })

  it('follows what comes from now on, until it is stopped', async () => {
    await using app = await start()
    await app.execute('before', Add.of({ count: 1 }))
    const over = new AbortController()
    const tail = tailLog({ store: app.store, ...parts }, { signal: over.signal })
    const first = tail.next()
    await app.execute('after', Add.of({ count: 2 }))
    expect((await first).value).toMatchObject({ recorded: { stream: 'counter-after' } })
    over.abort()
    expect(await tail.next()).toMatchObject({ done: true })
  })

  it('can be left in the middle of a live log', async () => {
    await using app = await start()
    await app.execute('a', Add.of({ count: 1 }))
    for await (const { recorded } of tailLog({ store: app.store, ...parts }, { from: 'beginning' })) {
      expect(recorded.stream).toBe('counter-a')
      break
    }
  })

  it('begins at a checkpoint, in the partitions that are asked for', async () => {
    await using app = await start()
    const { position } = await app.execute('a', Add.of({ count: 1 }))
    await app.execute('a', Empty.of({}))
    const { partition, offset } = parsePosition(position)
    const from = new Map([[partition, offset + 1n]])
    const seen = await collect(app, { from, partitions: [partition], live: false })
    expect(seen.map(({ recorded }) => recorded.type)).toEqual(['counter.emptied'])
  })

  it('hands out what cannot be read with the reason, and goes on', async () => {
    await using app = await start()
    const foreign = { id: '1', type: 'counter.unheard', schemaVersion: 1, data: '{}' }
    await app.store.append([{ stream: 'counter-a', expected: 'none', events: [foreign] }], { commandId: 'c' })
    await app.execute('b', Add.of({ count: 1 }))
    const seen = await collect(app, { from: 'beginning', live: false })
    expect(
      seen.map(({ recorded, decoded, problem }) => [recorded.id, decoded.length, problem?.code]),
    ).toEqual(
      expect.arrayContaining([
        ['1', 0, 'HC_EVENT_TYPE_UNKNOWN'],
        [expect.any(String), 1, undefined],
      ]),
    )
    expect(seen).toHaveLength(2)
  })

  it('fails as its log fails', async () => {
    await using app = await start()
    const tail = tailLog({ store: app.store, ...parts }, { from: new Map([[0, 99n]]) })
    await expect(tail.next()).rejects.toMatchObject({ code: 'HC_READ_OUT_OF_RANGE' })
  })
})

async function collect(app: App, options: TailOptions): Promise<TailedEvent[]> {
  const seen: TailedEvent[] = []
  for await (const event of tailLog({ store: app.store, ...parts }, options)) seen.push(event)
  return seen
}
