import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Environment } from '../src/environment/environment.js'
import { LogFile } from '../src/file/log-file.js'
import { IndexView } from '../src/index/index-view.js'
import { appendsOf, openLog, planned, temporaryFolder, writeLog } from './logs.js'

const PAGE = 4096
const HEADER = 24

describe('the log, read from its file', () => {
  it('is what LMDB finds, from any offset on, whatever the appends and transactions', async () => {
    const size = fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 30_000 }))
    const plan = fc.array(
      fc.array(fc.record({ partition: fc.integer({ min: 0, max: 2 }), bytes: size }), {
        minLength: 1,
        maxLength: 20,
      }),
      { minLength: 1, maxLength: 30 },
    )
    await fc.assert(
      fc.asyncProperty(plan, fc.integer({ min: 1, max: 100 }), async (transactions, from) => {
        const folder = temporaryFolder()
        await writeLog(folder, transactions)
        expect(await ofFile(folder, from)).toEqual(await ofLmdb(folder, from))
      }),
      { numRuns: 15 },
    )
  })

  it('is what LMDB finds in a tree of many levels', async () => {
    const folder = temporaryFolder()
    const small = Array.from({ length: 200 }, (_, n) =>
      Array.from({ length: 100 }, (__, m) => ({ partition: m % 3, bytes: (n * m) % 300 })),
    )
    await writeLog(folder, [...small, ...planned(300)])
    const found = await ofLmdb(folder, 5000)
    expect(found.flat().length).toBeGreaterThan(20_000)
    expect(await ofFile(folder, 5000)).toEqual(found)
  })

  it('is what LMDB finds in a backup, whose pages say of no transaction when they were written', async () => {
    const folder = temporaryFolder()
    await writeLog(folder, planned(300))
    const copy = temporaryFolder()
    const index = await openLog(folder)
    await index.copyTo(copy)
    await index.close()
    expect(await ofFile(copy, 1)).toEqual(await ofLmdb(copy, 1))
  })

  it('gives nothing for an offset that is no append, nor for a partition or a log without any', async () => {
    const folder = temporaryFolder()
    await writeLog(folder, [[{ partition: 1, bytes: 10 }]])
    const file = open(folder)
    expect(appendsOf(file, 1)).toHaveLength(1)
    expect(appendsOf(file, 1, 0)).toEqual([])
    expect(appendsOf(file, 1, 2)).toEqual([])
    expect(appendsOf(file, 0)).toEqual([])
    expect(appendsOf(file, 2)).toEqual([])
    const empty = temporaryFolder()
    await writeLog(empty, [])
    expect(appendsOf(open(empty), 0)).toEqual([])
  })

  it('gives the right append or none, whatever was done to a page', async () => {
    const folder = temporaryFolder()
    await writeLog(folder, planned(150))
    const log = open(folder)
    const right = allOf(log)
    const whole = readFileSync(join(folder, 'data.mdb'))
    const disk = openSync(join(folder, 'data.mdb'), 'r+')
    onTestFinished(() => closeSync(disk))
    let lost = 0
    for (let page = 0; page < whole.length / PAGE; page++) {
      const at = page * PAGE
      const bytes = Buffer.from(whole.subarray(at, at + PAGE))
      DAMAGES[page % DAMAGES.length]!(bytes, whole, page)
      writeSync(disk, bytes, 0, PAGE, at)
      const found = allOf(log)
      writeSync(disk, whole, at, PAGE, at)
      found.forEach((appends, partition) =>
        expect(appends).toEqual(right[partition]!.slice(0, appends.length)),
      )
      if (found.flat().length < right.flat().length) lost++
    }
    expect(lost).toBeGreaterThan(whole.length / PAGE / 5)
    expect(allOf(log)).toEqual(right)
  })

  it('gives nothing of a file that is not exactly of the kind that is known', async () => {
    const folder = temporaryFolder()
    await writeLog(folder, planned(50))
    expect(allOf(open(folder)).flat().length).toBeGreaterThan(50)
    const whole = readFileSync(join(folder, 'data.mdb'))
    const changes: Readonly<Record<string, (bytes: Buffer) => void>> = {
      'another version': bytes => both(bytes, meta => meta.writeUInt32LE(3, HEADER + 4)),
      'another kind of file': bytes => both(bytes, meta => meta.writeUInt32LE(0xbeefc0df, HEADER)),
      'another page size': bytes => both(bytes, meta => meta.writeUInt32LE(PAGE * 2, HEADER + 24)),
      'an encrypted file': bytes => both(bytes, meta => meta.writeUInt16LE(0x2008, HEADER + 28)),
      'a table with duplicates': bytes => {
        for (let at = bytes.indexOf('log\0'); at >= 0; at = bytes.indexOf('log\0', at + 1))
          bytes.writeUInt16LE(0x04, at + 8)
      },
    }
    for (const [kind, change] of Object.entries(changes)) {
      const copy = temporaryFolder()
      const bytes = Buffer.from(whole)
      change(bytes)
      writeFileSync(join(copy, 'data.mdb'), bytes)
      expect(allOf(open(copy)).flat(), kind).toEqual([])
    }
  })

  it('is read by a long run of a log, a short one is looked up, and both end where the log does', async () => {
    const folder = temporaryFolder()
    await writeLog(folder, planned(500))
    const index = await openLog(folder)
    onTestFinished(() => index.close())
    for (let partition = 0; partition < 3; partition++)
      for (const from of [0, 1, 77]) {
        const read = (size: number): string[] => {
          const ids: string[] = []
          for (let next = from; ;) {
            const run = index.readLog(partition, next, size)
            ids.push(...run.events.map(event => `${event.offset} ${event.id} ${event.data}`))
            if (run.next === run.end) return ids
            next = run.next
          }
        }
        expect(read(1000)).toEqual(read(1))
      }
  })

  it.runIf(process.platform === 'linux')('maps next to nothing of what it reads', async () => {
    const folder = temporaryFolder()
    await writeLog(
      folder,
      Array.from({ length: 20 }, () =>
        Array.from({ length: 500 }, (_, n) => ({ partition: n % 3, bytes: 1000 })),
      ),
    )
    const index = await openLog(folder)
    onTestFinished(() => index.close())
    let events = 0
    for (let partition = 0; partition < 3; partition++)
      for (let next = 1, end = 2; next < end;) {
        const run = index.readLog(partition, next, 1000)
        events += run.events.length
        next = run.next
        end = run.end
      }
    expect(events).toBe(10_000)
    const { length } = readFileSync(join(folder, 'data.mdb'))
    expect(mappedBytes(folder)).toBeLessThan(length / 10)
  })
})

/** How much of the log's file is in this process's memory. */
function mappedBytes(folder: string): number {
  const maps = readFileSync('/proc/self/smaps', 'utf8').split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m)
  const mapped = maps.filter(map => map.split('\n')[0]!.endsWith(join(folder, 'data.mdb')))
  expect(mapped).not.toEqual([])
  return mapped.reduce((sum, map) => sum + Number(/^Rss:\s+(\d+) kB$/m.exec(map)![1]) * 1024, 0)
}

const DAMAGES: readonly ((page: Buffer, whole: Buffer, number: number) => void)[] = [
  page => page.fill(0),
  page => page.fill(0xff, HEADER),
  (page, _, number) => (page[(number * 2654435761) % PAGE]! ^= 1 << (number % 8)),
  // As a page that was used again: another one in its place.
  (page, whole, number) => whole.copy(page, 0, ((number + 7) * PAGE) % whole.length),
]

function both(bytes: Buffer, change: (meta: Buffer) => void): void {
  change(bytes.subarray(0, PAGE))
  change(bytes.subarray(PAGE, 2 * PAGE))
}

function open(folder: string): LogFile {
  const file = new LogFile(folder)
  onTestFinished(() => file.close())
  return file
}

function allOf(file: LogFile): string[][] {
  return [0, 1, 2].map(partition => appendsOf(file, partition))
}

/** Each partition as its file gives it, from its beginning and from an offset on. */
async function ofFile(folder: string, from: number): Promise<string[][]> {
  const environment = new Environment(folder)
  const found = [0, 1, 2].flatMap(partition =>
    [1, from].map(offset => appendsOf(environment.logFile, partition, offset)),
  )
  await environment.close()
  return found
}

/** The same by look-ups in LMDB. */
async function ofLmdb(folder: string, from: number): Promise<string[][]> {
  const environment = new Environment(folder)
  const view = new IndexView(environment)
  const found = [0, 1, 2].flatMap(partition => {
    const { next: end } = view.partition(partition)
    const all: string[] = []
    for (let next = 1; next < end; next++) all.push(view.append(partition, next).raw.toString('base64'))
    return [all, all.slice(from - 1)]
  })
  await environment.close()
  return found
}
