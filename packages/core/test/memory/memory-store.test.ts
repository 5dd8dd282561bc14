import { describe, expect, it } from 'vitest'
import {
  memory,
  partitionOf,
  systemClock,
  uuidV7Source,
  type EventStore,
  type MemoryOptions,
  type StoreHost,
} from '@hindcast/core'

const HOST: StoreHost = { clock: systemClock, ids: uuidV7Source(), run: 'all' }

describe('memory()', () => {
  it('makes a log of 8 partitions, as every store does', async () => {
    await using store = await memory()(HOST)
    expect(store.partitions).toBe(8)
  })

  it('takes the number of partitions and the identity of the log', async () => {
    await using store = await memory({ partitions: 3, logId: 'bank_1-a' })(HOST)
    expect([store.partitions, store.logId]).toEqual([3, 'bank_1-a'])
  })

  it('keeps the log in the factory: stores opened beside each other and later see the same events', async () => {
    const factory = memory()
    const first = await factory(HOST)
    await using second = await factory(HOST)
    await appendTo(first, 'account-1')
    expect(await countOf(second)).toBe(1)
    await first[Symbol.asyncDispose]()
    await appendTo(second, 'account-2')
    await using third = await factory(HOST)
    expect(await countOf(third)).toBe(2)
    expect(third.logId).toBe(first.logId)
  })

  it('gives every factory a log of its own', async () => {
    await using one = await memory()(HOST)
    await using other = await memory()(HOST)
    await appendTo(one, 'account-1')
    expect(await countOf(other)).toBe(0)
    expect(one.logId).not.toBe(other.logId)
  })

  it.each<MemoryOptions>([
    { partitions: 0 },
    { partitions: -1 },
    { partitions: 1.5 },
    { partitions: NaN },
    { partitions: 10_001 },
    { logId: '' },
    { logId: 'a/b' },
    { logId: 'x'.repeat(65) },
  ])('refuses %o and names it', options => {
    const [option, value] = Object.entries(options)[0] as [string, number | string]
    expect(() => memory(options)).toThrowError(
      expect.objectContaining({
        code: 'HC_MEMORY_OPTION',
        context: expect.objectContaining({ option, value }),
      }),
    )
  })
})

describe('the in-memory store', () => {
  it('holds the values of an append that it was given, frozen', async () => {
    await using store = await memory()(HOST)
    await appendTo(store, 'account-1')
    for await (const [event] of store.readStream('account-1')) {
      expect(Object.isFrozen(event)).toBe(true)
      expect(Object.isFrozen(event?.metadata)).toBe(true)
    }
    const command = await store.findCommand(partitionOf('account-1', store.partitions), 'account-1')
    expect(Object.isFrozen(command)).toBe(true)
  })

  it('tells a reader of an empty partition where the end is', async () => {
    await using store = await memory()(HOST)
    const batches = []
    for await (const batch of store.readLog(0, { from: 1n })) batches.push(batch)
    expect(batches).toEqual([{ partition: 0, events: [], next: 1n, end: 1n }])
  })

  it('wakes each of 200 live readers once for an append, and frees it at its abort', async () => {
    await using store = await memory()(HOST)
    const partition = partitionOf('account-1', store.partitions)
    const seen: number[] = []
    const readers = Array.from({ length: 200 }, async (_, reader) => {
      const controller = new AbortController()
      for await (const batch of store.readLog(partition, { live: true, signal: controller.signal })) {
        if (batch.events.length === 0) continue
        seen.push(reader)
        setImmediate(() => controller.abort())
      }
    })
    await appendTo(store, 'account-1')
    await Promise.all(readers)
    expect(new Set(seen).size).toBe(200)
    expect(seen).toHaveLength(200)
  })
})

async function appendTo(store: EventStore, stream: string): Promise<void> {
  const events = [{ id: `${stream}-event`, type: 'account.opened', schemaVersion: 1, data: '{}' }]
  expect(await store.append([{ stream, expected: 'none', events }], { commandId: stream })).toMatchObject({
    kind: 'appended',
  })
}

async function countOf(store: EventStore): Promise<number> {
  let count = 0
  for (let partition = 0; partition < store.partitions; partition++)
    for await (const batch of store.readLog(partition)) count += batch.events.length
  return count
}
