import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock, uuidV7Source, type EventStore } from '@hindcast/core'
import { kafka } from '@hindcast/kafka-store'
import { afterAll, expect, it } from 'vitest'
import { Counts, type Worker } from './counts.js'
import { brokers, kafkaSuite } from '../../servers/suites.js'

const PARTITIONS = 6
/** The least that a broker takes, as it comes. */
const SESSION_MS = 6000
/** Longer than any wait: who has it and leaves without a word is noticed too late. */
const LONG_SESSION_MS = 120_000
const DEADLINE = { timeout: 40_000, interval: 20 }
const dataDir = mkdtempSync(join(tmpdir(), 'hindcast-kafka-index-'))

/** Appends without a pause until it is stopped; resolves with the ids of all events. */
function keepAppending(store: EventStore, stop: AbortSignal): Promise<string[]> {
  const ids: string[] = []
  const work = async (): Promise<string[]> => {
    while (!stop.aborted) {
      const events = Array.from({ length: 1 + (ids.length % 3) }, () => ({
        id: randomUUID(),
        type: 'account.deposited',
        schemaVersion: 1,
        data: '{}',
      }))
      const stream = `account-${ids.length % 50}`
      await store.append([{ stream, expected: 'any', events }], { commandId: randomUUID() })
      ids.push(...events.map(({ id }) => id))
    }
    return ids
  }
  return work()
}

const sizes = (...workers: Worker[]) => workers.map(({ partitions }) => partitions.size)

kafkaSuite('worker processes that share partitions by a consumer group', () => {
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

  it(
    'come, go, are killed and frozen under load, and fold every event exactly once',
    { timeout: 300_000 },
    async () => {
      const topic = `test-${randomUUID()}`
      const factory = kafka({ brokers, topic, dataDir, partitions: PARTITIONS })
      await using store = await factory({ clock: systemClock, ids: uuidV7Source(), run: 'all' })
      const stop = new AbortController()
      const appending = keepAppending(store, stop.signal)
      const counts = new Counts()
      const workers: Worker[] = []
      const start = (sessionTimeoutMs = SESSION_MS): Worker => {
        const worker = counts.start({ brokers, topic, group: topic, sessionTimeoutMs })
        workers.push(worker)
        return worker
      }
      try {
        const a = start()
        await expect.poll(() => sizes(a), DEADLINE).toEqual([6])
        const b = start()
        await expect.poll(() => sizes(a, b), DEADLINE).toEqual([3, 3])
        const c = start(LONG_SESSION_MS)
        await expect.poll(() => sizes(a, b, c), DEADLINE).toEqual([2, 2, 2])

        await a.signal('SIGKILL')
        await expect.poll(() => sizes(b, c), DEADLINE).toEqual([3, 3])

        await b.signal('SIGSTOP')
        await expect.poll(() => sizes(c), DEADLINE).toEqual([6])
        await b.signal('SIGCONT')
        await expect.poll(() => sizes(b, c), DEADLINE).toEqual([3, 3])

        // Who leaves need not be waited for.
        await c.signal('SIGTERM')
        await expect.poll(() => sizes(b), DEADLINE).toEqual([6])

        stop.abort()
        const ids = await appending
        await expect.poll(() => counts.times.size, DEADLINE).toBe(ids.length)
        expect(ids.every(id => counts.times.get(id) === 1)).toBe(true)
        expect(counts.overlaps).toEqual([])
        expect(ids.length).toBeGreaterThan(100)
      } finally {
        stop.abort()
        await appending.catch(() => undefined)
        for (const worker of workers) await worker.signal('SIGKILL')
      }
    },
  )
})
