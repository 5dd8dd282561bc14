import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { memory, systemClock, uuidV7Source, type StoreHost } from '@hindcast/core'
import { openStreamIndex } from '@hindcast/stream-index'
import { lmdb } from '@hindcast/lmdb-store'

const host: StoreHost = { clock: systemClock, ids: uuidV7Source(), run: 'all' }
const event = (id: string, data = '{}') => ({ id, type: 'a.b', schemaVersion: 1, data })
const folder = () => mkdtempSync(join(tmpdir(), 'hardening-'))

describe('the LMDB store', () => {
  it('writes what it checked, also when the caller goes on with its list of events', async () => {
    await using store = await lmdb(folder())(host)
    const events = [event('e-1')]
    const appending = store.append([{ stream: 'a-b', expected: 'none', events }], { commandId: 'c-1' })
    events.length = 0
    const appended = await appending
    expect(appended).toMatchObject({ kind: 'appended', versions: [0] })
    expect(
      await store.end(0, { fresh: true }).then(async () => {
        let count = 0
        for await (const batch of store.readStream('a-b')) count += batch.length
        return count
      }),
    ).toBe(1)
  })
})

describe('a stream with a category of 70,000 letters', () => {
  it('is refused, or comes back whole from the LMDB log', async () => {
    await using store = await lmdb(folder(), { partitions: 1 })(host)
    const stream = `${'a'.repeat(70_000)}-k`
    const outcome = await store
      .append([{ stream, expected: 'none', events: [event('e-1')] }], { commandId: 'c-1' })
      .catch((error: { code?: string }) => error)
    if ('code' in outcome) return
    const read: string[] = []
    for await (const { events } of store.readLog(0)) read.push(...events.map(each => each.stream))
    expect(read.map(each => each.length)).toEqual([stream.length])
  })
})

describe('one bad append', () => {
  it('does not stop its partition of the LMDB store for ever', async () => {
    const path = folder()
    const store = await lmdb(path, { partitions: 1 })(host)
    const events = [event('e-1')]
    const bad = store.append([{ stream: 'a-b', expected: 'none', events }], { commandId: 'c-1' })
    events.length = 0
    await bad.catch(() => undefined)
    await store[Symbol.asyncDispose]()
    await using again = await lmdb(path, { partitions: 1 })(host)
    const next = await again
      .append([{ stream: 'a-c', expected: 'none', events: [event('e-2')] }], { commandId: 'c-2' })
      .catch((error: unknown) => error)
    expect(next).toMatchObject({ kind: 'appended' })
  })
})

describe('limits', () => {
  it('count the bytes of all headers in UTF-8', async () => {
    await using store = await memory()(host)
    const stream = `a-${'€'.repeat(200)}`
    const metadata = { actor: '€'.repeat(200), tenant: '€'.repeat(200), correlationId: '€'.repeat(200) }
    const data = `{"a":"${'x'.repeat(262_144 - 8 - 64 - 3 - 3 - 3 - 202 - 600)}"}`
    await expect(
      store.append([{ stream, expected: 'none', events: [event('e-1', data)] }], {
        commandId: 'c-1',
        metadata,
      }),
    ).rejects.toMatchObject({ code: 'HC_LIMIT_EXCEEDED' })
  })

  it('refuse data that is no JSON, before it is in the log for ever', async () => {
    await using store = await memory()(host)
    await expect(
      store.append([{ stream: 'a-b', expected: 'none', events: [event('e-1', '{oops')] }], {
        commandId: 'c-1',
      }),
    ).rejects.toMatchObject({ code: 'HC_APPEND_INVALID' })
  })
})

describe('the index', () => {
  it('keeps nothing of an append that it refused, so that its partition goes on', async () => {
    const index = await openStreamIndex(folder(), { logId: 'l', partitions: 1, firstOffset: 1 })
    const append = (offset: number, commandId: string, stream: string) => ({
      partition: 0,
      offset,
      time: 0,
      commandId,
      command: undefined,
      result: undefined,
      metadata: undefined,
      writes: [{ stream, firstVersion: 0, events: [event(`${commandId}-${stream}`)] }],
    })
    await index.write(t => t.append(append(1, 'x', 'a-1')))
    // What AppendQueue.decide does with an error of one append of a group: catch it, and commit the group.
    await index.write(t => {
      try {
        t.append(append(2, 'x', 'a-2'))
      } catch {
        // told to the caller
      }
    })
    const next = await index.write(t => t.append(append(2, 'y', 'a-3'))).catch((error: unknown) => error)
    const run = index.readLog(0, 1, 10)
    await index.close()
    expect(next).toBeUndefined()
    expect(run.next).toBe(3)
  })

  it('closed twice by one user stays open for the other', async () => {
    const path = folder()
    const options = { logId: 'l', partitions: 1 } as const
    const one = await openStreamIndex(path, options)
    const two = await openStreamIndex(path, options)
    await one.close()
    await one.close()
    expect(await two.write(() => 'written').catch((error: unknown) => error)).toBe('written')
  })
})
