import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openStreamIndex, type AppendRecord, type StreamIndex } from '../src/index.js'
import type { LogFile } from '../src/file/log-file.js'

/** An append that is to be written: where, and how large its event is. */
export interface Planned {
  readonly partition: number
  readonly bytes: number
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Opens the log of a folder, with 3 partitions when it is new. */
export function openLog(folder: string): Promise<StreamIndex> {
  return openStreamIndex(folder, { logId: 'log-1', partitions: 3, firstOffset: 1 })
}

/** Writes a log, a transaction for each list, and closes it. */
export async function writeLog(folder: string, transactions: readonly (readonly Planned[])[]): Promise<void> {
  const index = await openLog(folder)
  let n = 0
  for (const appends of transactions)
    await index.write(tx => {
      for (const { partition, bytes } of appends)
        tx.append(append(n++, partition, tx.partition(partition).next, bytes))
    })
  await index.close()
}

function append(n: number, partition: number, offset: number, bytes: number): AppendRecord {
  const event = { id: `${n}`, type: 'a.b', schemaVersion: 1, data: JSON.stringify(`${n}`.padEnd(bytes, '.')) }
  const writes = [{ stream: `account-${n}`, firstVersion: 0, events: [event] }]
  return { partition, offset, time: n, commandId: `command-${n}`, writes }
}

/** The appends of a partition as the file gives them, in base64, from an offset on until it gives none. */
export function appendsOf(file: LogFile, partition: number, from = 1): string[] {
  const pages = file.readFrom(partition, from)
  const found: string[] = []
  for (let next = from; ;) {
    const taken = pages.take(next)
    if (!taken) return found
    found.push(taken.raw.toString('base64'))
    next = taken.offset + taken.events
  }
}

/** Commits of random sizes: an append of a few bytes, of a page's half and of many pages. */
export function planned(count: number, partitions = 3): Planned[][] {
  let state = count
  const random = (below: number): number =>
    (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff) % below
  const sizes = [10, 200, 200, 200, 1500, 1900, 2100, 9000]
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + random(4) }, () => ({
      partition: random(partitions),
      bytes: sizes[random(sizes.length)]!,
    })),
  )
}
