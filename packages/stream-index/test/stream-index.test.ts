import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStreamIndex, type AppendRecord, type StreamIndex } from '../src/index.js'

describe('a stream index', () => {
  let folder: string
  let index: StreamIndex

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hindcast-index-'))
    index = await openStreamIndex(folder, { logId: 'log-1', partitions: 8, firstOffset: 1 })
  })
  afterEach(async () => {
    await index.close()
    rmSync(folder, { recursive: true })
  })

  it('gives back an append as it was written, in both ways to read', async () => {
    await index.write(tx =>
      tx.append({
        partition: 3,
        offset: 1,
        time: 1_700_000_000_000,
        commandId: 'command-é',
        command: 'account.open',
        result: '{"ok":true}',
        metadata: { actor: 'Zoë', traceparent: 't', correlationId: 'c' },
        writes: [
          { stream: 'account-ä', firstVersion: 0, events: [event('a', 1), event('b', 2)] },
          { stream: 'account-2', firstVersion: 0, events: [event('c', 3)] },
        ],
      }),
    )
    const append = index.command(3, 'command-é')!
    expect(append.command).toBe('account.open')
    expect(append.result).toBe('{"ok":true}')
    expect(append.metadata).toEqual({ actor: 'Zoë', traceparent: 't', correlationId: 'c' })
    expect(append.time).toBe(1_700_000_000_000)
    const { events, next, end } = index.readLog(3, 0, 1000)
    expect([next, end]).toEqual([4, 4])
    expect(events.map(e => [e.stream, e.version, e.offset, e.id, e.data, e.type, e.schemaVersion])).toEqual([
      ['account-ä', 0, 1n, 'a', '{"n":1,"text":"ü"}', 'account.deposited', 3],
      ['account-ä', 1, 2n, 'b', '{"n":2,"text":"ü"}', 'account.deposited', 3],
      ['account-2', 0, 3n, 'c', '{"n":3,"text":"ü"}', 'account.deposited', 3],
    ])
    const head = index.head('account-2')!
    expect(index.readRun('account-2', head, 0).events.map(e => [e.id, e.offset, e.commandId])).toEqual([
      ['c', 3n, 'command-é'],
    ])
    expect(index.lastEventId('account-ä', index.head('account-ä')!)).toBe('b')
  })

  it('reads a stream of thousands of appends in order from any version, whatever their sizes', async () => {
    let offset = 1
    let version = 0
    for (let round = 0; round < 40; round++)
      await index.write(tx => {
        for (let i = 0; i < 50; i++) {
          const events = Array.from({ length: 1 + ((round * i) % 3) }, (_, k) =>
            event(`${version + k}`, version + k, i === 7 ? 3000 : 10),
          )
          tx.append(single('account-1', version, offset, events))
          version += events.length
          offset += events.length
          tx.append(single('account-other', round * 50 + i, offset++, [event(`o${round}-${i}`, i)]))
        }
      })
    const head = index.head('account-1')!
    expect(head.version).toBe(version - 1)
    const seen: number[] = []
    for (let next = 0; next <= head.version;) {
      const run = index.readRun('account-1', head, next)
      expect(run.first).toBe(next)
      seen.push(...run.events.map(e => e.version))
      next = run.next
    }
    expect(seen).toEqual(Array.from({ length: version }, (_, i) => i))
    for (let v = 0; v <= head.version; v += 37) {
      const run = index.readRun('account-1', head, v)
      expect(run.events.find(e => e.version === v)!.id).toBe(String(v))
    }
  })

  it('takes an offset without an event in a log as damage, not as its end', async () => {
    await index.write(tx => {
      tx.append(single('account-1', 0, 1, [event('a', 1), event('b', 2)]))
      tx.append(single('account-1', 2, 5, [event('c', 3)]))
    })
    expect(index.readLog(1, 5, 10).events.map(e => e.id)).toEqual(['c'])
    expect(index.readLog(1, 2, 1).events.map(e => e.id)).toEqual(['b'])
    expect(() => index.readLog(1, 0, 10)).toThrow(/no event at offset 3, the next one is at 5/)
  })

  it('writes nothing when the work throws, on this thread or aside', async () => {
    for (const place of ['here', 'aside'] as const) {
      const failed = index.write(tx => {
        tx.append(single('account-1', 0, 1, [event('a', 1)]))
        throw new Error('no')
      }, place)
      await expect(failed).rejects.toThrow('no')
      expect(index.head('account-1')).toBeUndefined()
      expect(index.readLog(1, 0, 10).events).toEqual([])
      expect(index.command(1, 'command-1')).toBeUndefined()
    }
    await index.write(tx => tx.append(single('account-1', 0, 1, [event('a', 1)])), 'here')
    expect(index.head('account-1')!.version).toBe(0)
  })

  it('refuses an append that does not continue its stream or its partition', async () => {
    await index.write(tx => tx.append(single('account-1', 0, 1, [event('a', 1)])))
    const code = (append: AppendRecord) =>
      index.write(tx => tx.append(append)).catch((error: { code: string }) => error.code)
    expect(await code(single('account-1', 2, 2, [event('b', 1)]))).toBe('HC_LOG_INTEGRITY')
    expect(await code(single('account-1', 0, 2, [event('b', 1)]))).toBe('HC_LOG_INTEGRITY')
    expect(await code(single('account-1', 1, 1, [event('b', 1)]))).toBe('HC_LOG_INTEGRITY')
    expect(await code(single('account-2', 0, 2, [event('b', 1)]))).toBeUndefined()
  })

  it('keeps what a store puts beside the position of a partition', async () => {
    await index.write(tx => tx.moveTo(2, 5, Uint8Array.of(1, 2, 3)))
    await index.write(tx => tx.append({ ...single('account-9', 0, 7, [event('a', 1)]), partition: 2 }))
    expect(index.partition(2)).toEqual({ next: 8, time: 5, state: Uint8Array.of(1, 2, 3) })
    expect(index.partition(1)).toEqual({ next: 1, time: -Infinity, state: new Uint8Array() })
  })
})

let commands = 0

function single(
  stream: string,
  firstVersion: number,
  offset: number,
  events: ReturnType<typeof event>[],
): AppendRecord {
  return {
    partition: 1,
    offset,
    time: 5,
    commandId: `command-${++commands}`,
    writes: [{ stream, firstVersion, events }],
  }
}

function event(id: string, n: number, size = 0) {
  return {
    id,
    type: 'account.deposited',
    schemaVersion: 3,
    data: JSON.stringify({ n, text: 'ü', ...(size > 0 && { filler: 'x'.repeat(size) }) }),
  }
}
