import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RecordedEvent } from '@hindcast/core'
import { openIndexFolder } from '@hindcast/stream-index'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { IndexFile } from '../src/index/index-file.js'
import { batchOf } from '../src/index/log-batch.js'
import { LogIndex } from '../src/index/log-index.js'
import { appliedRun, type AppendNotes } from '../src/index/placed-append.js'
import { batchDownwards, batchUpwards } from '../src/index/stream-batches.js'
import { BatchEncoder, type EncodableAppend } from '../src/record/batch-encoder.js'
import { BATCH } from '../src/record/batch-layout.js'
import { RecordRun } from '../src/record/record-run.js'
import { splitBatches } from '../src/record/record-batch.js'
import { UNREAD } from '../src/validity/log-state.js'

const LOG = { logId: 'log-1', partitions: 2 }
const PARTITION = 1

describe('the index of a Kafka log', () => {
  it('gives back every stream from every version, both ways, whatever lies on disk and what in memory', async () => {
    const log = await IndexedLog.open()
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 12; i++) log.add(appendsOf(round * 12 + i, log))
      if (round % 2 === 0) await log.flushed()
      if (round === 2) await log.reopen()
      for (const [stream, ids] of log.streams) {
        expect(log.upwards(stream, 0)).toEqual(ids)
        expect(log.downwards(stream, undefined)).toEqual(ids.toReversed())
        for (const from of [1, 63, 64, 65, 200, ids.length - 1].filter(version => version < ids.length)) {
          expect(log.upwards(stream, from)).toEqual(ids.slice(from))
          expect(log.downwards(stream, from)).toEqual(ids.slice(0, from + 1).toReversed())
        }
        expect(log.index.head(stream)).toMatchObject({ version: ids.length - 1, id: ids.at(-1) })
      }
    }
    expect(log.streams.get('account-often')!.length).toBeGreaterThan(200)
  })

  it('reads the log from every offset in whole appends, also from the middle of one and from between batches', async () => {
    const log = await IndexedLog.open()
    for (let i = 0; i < 6; i++) log.add(appendsOf(i, log), i % 3)
    for (const stored of [false, true]) {
      if (stored) await log.flushed()
      for (let from = 0; from <= log.next; from += 5)
        for (const most of [1, 7, 1000]) {
          const first = batchOf(log.index, PARTITION, from, most)
          const ends = log.events.filter(event => event.endsAppend).map(event => event.offset + 1)
          expect([log.next, ...ends]).toContain(Number(first.next))
          expect(log.readFrom(from, most)).toEqual(
            log.events.filter(event => event.offset >= from).map(event => event.id),
          )
        }
    }
  })

  it('takes no more when what waits for the disk has many bytes, however few its events are', async () => {
    const { index } = await IndexedLog.open()
    const bytes = Buffer.alloc(1_048_576)
    for (let i = 0; i < 64; i++) {
      expect(index.isFull).toBe(false)
      const run = new RecordRun(PARTITION, i, i, 1, bytes, 0, bytes.length)
      const note = (notes: AppendNotes): void => {
        notes.append(`c${i}`, 0, i)
        notes.write('account-1', i, i, i, `e${i}`)
      }
      index.add(PARTITION, { run, note, time: 1 }, { ...UNREAD, next: i + 1, logId: LOG.logId })
    }
    expect(index.isFull).toBe(true)
  })

  it('finds every command id, also those that are no UUIDs or do not grow', async () => {
    const log = await IndexedLog.open()
    const uuid = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
    const ids = [uuid(5), uuid(9), 'zebra', uuid(7), 'aardvark', uuid(12), uuid(1)]
    for (const [i, commandId] of ids.entries()) {
      log.add([log.append(commandId, [['account-1', 1]], `command.c${i}`)])
      if (i % 2 === 0) await log.flushed()
      if (i === 3) await log.reopen()
      for (const [j, id] of ids.entries())
        expect(log.index.command(PARTITION, id)?.command, `${id} after ${i}`).toBe(
          j <= i ? `command.c${j}` : undefined,
        )
      expect(log.index.command(0, commandId)).toBeUndefined()
    }
    expect(log.index.command(PARTITION, uuid(12))).toMatchObject({ streams: ['account-1'], versions: [5] })
  })

  it('finds each of many command ids that grow with time, also those that came late, and none that was not used', async () => {
    const log = await IndexedLog.open()
    const ids = [0, 1, 255, 256, 70_000].flatMap(ms =>
      Array.from({ length: ms === 1 ? 800 : 50 }, (_, i) => uuidAt(1_700_000_000_000 + ms, i)),
    )
    const late = ids.splice(100, 20)
    for (const some of [ids.slice(0, 900), ids.slice(900), late]) {
      for (let i = 0; i < some.length; i += 300)
        log.add(some.slice(i, i + 300).map(id => log.append(id, [['account-1', 1]], `command.c${id}`)))
      await log.flushed()
    }
    for (const reopened of [false, true]) {
      if (reopened) await log.reopen()
      for (const id of [...ids, ...late])
        expect(log.index.command(PARTITION, id)?.command).toBe(`command.c${id}`)
      for (const ms of [0, 1, 2, 255, 70_000])
        expect(log.index.command(PARTITION, uuidAt(1_700_000_000_000 + ms, 999))).toBeUndefined()
      expect(log.index.command(0, ids[0]!)).toBeUndefined()
    }
  })

  it('refuses a log that contradicts itself, and keeps what was there', async () => {
    for (const [streams, commandId] of [
      [[['account-1', 1]], 'c1'],
      [[['account-1', 1]], uuidAt(1, 1)],
      [[['account-2', 1]], 'c9'],
    ] as const) {
      const log = await IndexedLog.open()
      log.add([log.append(commandId === 'c9' ? 'c1' : commandId, [['account-1', 1]])])
      await log.flushed()
      log.streams.set('account-2', ['an event that was never there'])
      // Behind another one, so that it does not begin a block of command ids.
      log.add([log.append(uuidAt(1, 2), [['account-3', 1]]), log.append(commandId, streams)])
      await expect.poll(() => log.index.failure).toMatchObject({ code: 'HC_LOG_INTEGRITY' })
      expect(log.index.stored.partition(PARTITION).next).toBe(1)
      expect(log.index.stored.head('account-2')).toBeUndefined()
    }
  })
})

/** A UUID of version 7. */
function uuidAt(ms: number, n: number): string {
  const time = ms.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${String(n).padStart(12, '0')}`
}

/** Appends that differ with `n`: of one event and of many, small and large, to one stream and to several. */
function appendsOf(n: number, log: IndexedLog): EncodableAppend[] {
  const appends: EncodableAppend[] = []
  for (let i = 0; i < 7; i++)
    appends.push(
      log.append(`c-${n}-${i}`, [
        ['account-often', 1 + (i % 2)],
        ...(i % 3 === 0 ? [['account-sometimes', 1] as const] : []),
        ...(n === 5 && i === 2 ? [['account-once', 300] as const] : []),
      ]),
    )
  return appends
}

/** An index in a folder of its own, and what was put into it. */
class IndexedLog {
  readonly streams = new Map<string, string[]>()
  readonly events: { readonly id: string; readonly offset: number; readonly endsAppend: boolean }[] = []
  next = 0
  index!: LogIndex
  private readonly folder = mkdtempSync(join(tmpdir(), 'hindcast-index-'))
  private readonly encoder = new BatchEncoder(LOG.logId)

  static async open(): Promise<IndexedLog> {
    const log = new IndexedLog()
    log.index = await log.openIndex()
    onTestFinished(async () => {
      await log.index.close()
      rmSync(log.folder, { recursive: true })
    })
    return log
  }

  append(
    commandId: string,
    writes: readonly (readonly [stream: string, events: number])[],
    command?: string,
  ): EncodableAppend {
    const versions: number[] = []
    return {
      time: 1,
      commandId,
      command,
      versions,
      writes: writes.map(([stream, count]) => {
        const known = this.streams.get(stream) ?? []
        this.streams.set(stream, known)
        const firstVersion = known.length
        const events = Array.from({ length: count }, (_, i) => ({
          id: `${stream}@${firstVersion + i}`,
          type: 'account.happened',
          schemaVersion: 1,
          data: JSON.stringify({ text: 'x'.repeat((firstVersion * 37) % 500) }),
        }))
        known.push(...events.map(({ id }) => id))
        versions.push(firstVersion + count - 1)
        return { stream, events }
      }),
    }
  }

  /** Puts a batch into the index. @param foreign - so many foreign records come behind it */
  add(appends: readonly EncodableAppend[], foreign = 0): void {
    this.encoder.begin()
    for (const append of appends) this.encoder.add(append, -1)
    const bytes = Buffer.from(this.encoder.end({ producerId: 1n, epoch: 0, sequence: 0, timestamp: 1 }))
    bytes.writeBigInt64BE(BigInt(this.next), BATCH.baseOffset)
    const [batch] = splitBatches(PARTITION, bytes)
    const applied = appliedRun(batch!, batch!.records())
    for (const { writes } of appends)
      for (const { events } of writes)
        for (const { id } of events)
          this.events.push({
            id,
            offset: this.next++,
            endsAppend: events === writes.at(-1)!.events && id === events.at(-1)!.id,
          })
    this.next += foreign
    const state = { ...UNREAD, next: this.next, logId: LOG.logId }
    this.index.add(PARTITION, applied, state)
  }

  async flushed(): Promise<void> {
    const isFlushed = (): boolean => this.index.stored.partition(PARTITION).next === this.next
    await vi.waitUntil(isFlushed, { timeout: 40_000 })
  }

  async reopen(): Promise<void> {
    await this.index.close()
    this.index = await this.openIndex()
  }

  upwards(stream: string, from: number): string[] {
    const ids: string[] = []
    for (let next: number | undefined = from; next !== undefined;) {
      const batch = batchUpwards(this.index, stream, next, Infinity)
      ids.push(...idsOf(batch.events))
      next = batch.next
    }
    return ids
  }

  downwards(stream: string, from: number | undefined): string[] {
    const ids: string[] = []
    for (let next = from; ;) {
      const batch = batchDownwards(this.index, stream, next, Infinity)
      ids.push(...idsOf(batch.events))
      if (batch.next === undefined) return ids
      next = batch.next
    }
  }

  readFrom(from: number, most: number): string[] {
    const ids: string[] = []
    for (let next = from; next < this.next;) {
      const batch = batchOf(this.index, PARTITION, next, most)
      ids.push(...idsOf(batch.events))
      next = Number(batch.next)
    }
    return ids
  }

  private async openIndex(): Promise<LogIndex> {
    return new LogIndex(new IndexFile(await openIndexFolder(this.folder, LOG)), this.folder)
  }
}

function idsOf(events: readonly RecordedEvent[]): string[] {
  return events.map(({ id }) => id)
}
