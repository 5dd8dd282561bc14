import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import type { EventStore } from '@hindcast/core'
import { lmdb, type LmdbOptions } from '@hindcast/lmdb-store'
import { onTestFinished } from 'vitest'
import { host } from '../lmdb-harness.js'

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-lmdb-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Opens a store. */
export function open(folder: string, options?: LmdbOptions): Promise<EventStore> {
  return lmdb(folder, options)(host())
}

/** A closed log of 2,000 events in 23 streams. */
export async function filledFolder(): Promise<string> {
  const folder = temporaryFolder()
  const store = await open(folder)
  await appendEvents(store, 2000)
  await store[Symbol.asyncDispose]()
  return folder
}

/** Appends so many events, each by itself. */
export async function appendEvents(store: EventStore, count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, (_, n) => {
      const event = {
        id: randomUUID(),
        type: 'a.b',
        schemaVersion: 1,
        data: JSON.stringify({ n, text: 'x'.repeat(200) }),
      }
      return store.append([{ stream: `account-${n % 23}`, expected: 'any', events: [event] }], {
        commandId: randomUUID(),
      })
    }),
  )
}

/** Reads every event of every partition and every stream, and counts those of the log. */
export async function readEverything(folder: string): Promise<number> {
  const store = await open(folder)
  try {
    let count = 0
    const streams = new Set<string>()
    for (let partition = 0; partition < store.partitions; partition++)
      for await (const { events } of store.readLog(partition))
        for (const event of events) {
          JSON.parse(event.data)
          streams.add(event.stream)
          count++
        }
    for (const stream of streams)
      for await (const events of store.readStream(stream)) for (const event of events) JSON.parse(event.data)
    return count
  } finally {
    await store[Symbol.asyncDispose]()
  }
}

/** The code of the error that comes. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: { code?: unknown }) => (typeof error.code === 'string' ? error.code : 'no code'),
  )
}
