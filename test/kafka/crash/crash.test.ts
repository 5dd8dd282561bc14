import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemClock, uuidV7Source, type EventStore } from '@hindcast/core'
import { kafka } from '@hindcast/kafka-store'
import { openIndexFolder } from '@hindcast/stream-index'
import { expect, it, onTestFinished } from 'vitest'
import { brokers, kafkaSuite } from '../../servers/suites.js'

const PROGRAM = fileURLToPath(new URL('../../dist/kafka/crash/process.js', import.meta.url))
const CASE_MS = 240_000
const EVENT = { type: 'a.b', schemaVersion: 1, data: '{}' }

kafkaSuite(
  'a process that is killed between the acknowledgement of an append and the flush of its index',
  () => {
    it(
      'leaves the append to the next one, which reads it from the log: its events, its version and its command id',
      async () => {
        expect(existsSync(PROGRAM), `${PROGRAM} is missing: npm run build`).toBe(true)
        const dataDir = mkdtempSync(join(tmpdir(), 'hindcast-crash-'))
        onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
        const topic = `test-${randomUUID()}`
        const streams: string[] = []
        for (let crash = 0; crash < 3; crash++) {
          const stream = `account-${crash}`
          const { signal, stderr } = spawnSync(
            process.execPath,
            [PROGRAM, brokers.join(), topic, dataDir, stream, `command-${crash}`],
            { encoding: 'utf8' },
          )
          expect(signal, stderr).toBe('SIGKILL')
          streams.push(stream)
          // Its append stands at this offset, and the index ends in front of it.
          expect(await indexedUpTo(topic, dataDir)).toBeLessThanOrEqual(1 + crash)
        }

        const store = await kafka({ brokers, topic, dataDir })({
          clock: systemClock,
          ids: uuidV7Source(),
          run: 'all',
        })
        onTestFinished(() => store[Symbol.asyncDispose]())
        for (const [crash, stream] of streams.entries()) {
          expect(await idsOf(store, stream)).toEqual([`${stream}@0`])
          expect((await store.findCommand(0, `command-${crash}`))?.result).toBe('7')
          const write = { stream, expected: 'none', events: [{ ...EVENT, id: 'again' }] } as const
          expect(await store.append([write], { commandId: `command-${crash}` })).toMatchObject({
            kind: 'appended',
            repeated: true,
            versions: [0],
          })
          expect(await store.append([write], { commandId: randomUUID() })).toMatchObject({
            kind: 'conflict',
            expected: 'none',
            actual: 0,
          })
        }
        await store[Symbol.asyncDispose]()
        expect(await indexedUpTo(topic, dataDir)).toBe(1 + streams.length)
      },
      CASE_MS,
    )
  },
)

/** The next offset that the index in a folder has to read, as it lies on disk. */
async function indexedUpTo(topic: string, dataDir: string): Promise<number> {
  const folder = await openIndexFolder(dataDir, { logId: topic, partitions: 1 })
  const state = folder.tables.states.get(0)!
  await folder.close()
  return state.readUIntLE(0, 6)
}

async function idsOf(store: EventStore, stream: string): Promise<string[]> {
  const ids: string[] = []
  for await (const events of store.readStream(stream)) ids.push(...events.map(({ id }) => id))
  return ids
}
