import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { systemClock, uuidV7Source } from '@hindcast/core'
import { kafka } from '@hindcast/kafka-store'
import { expect, it, onTestFinished } from 'vitest'
import { brokers, kafkaSuite } from '../../servers/suites.js'

const PROGRAM = fileURLToPath(new URL('../../dist/kafka/full-disk/process.js', import.meta.url))
/** In units of 1,024 bytes. */
const LARGEST_FILE = 3000
const CASE_MS = 240_000

kafkaSuite('a full disk under the index beside Kafka', () => {
  it(
    'costs nothing that was acknowledged: appends go on in memory, then are refused with the reason, and go on when there is room',
    async () => {
      const dataDir = mkdtempSync(join(tmpdir(), 'hindcast-full-'))
      onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
      const topic = `test-${randomUUID()}`
      const { stdout, stderr } = await promisify(execFile)('bash', [
        '-c',
        `ulimit -f ${LARGEST_FILE}; exec "${process.execPath}" "${PROGRAM}" "${brokers.join()}" "${topic}" "${dataDir}"`,
      ])
      const { acknowledged, refused, readable } = JSON.parse(stdout) as {
        acknowledged: string[]
        refused: { stream: string; code: string; message: string }[]
        readable: number
      }
      // Said once, long before appends are refused.
      expect(stderr.match(/\[HC_INDEX_WRITE\]/g)).toHaveLength(1)
      expect(acknowledged.length).toBeGreaterThan(50)
      expect(readable).toBe(1000)
      expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['HC_APPEND_NOT_SENT']))
      expect(refused[0]!.message).toMatch(/index in folder .* cannot be written.*Make room/)

      const store = await kafka({ brokers, topic, dataDir })({
        clock: systemClock,
        ids: uuidV7Source(),
        run: 'all',
      })
      onTestFinished(() => store[Symbol.asyncDispose]())
      const counts = new Map<string, number>()
      for await (const { events } of store.readLog(0))
        for (const { stream } of events) counts.set(stream, (counts.get(stream) ?? 0) + 1)
      expect([...counts.keys()]).toEqual(acknowledged)
      expect([...counts.values()].every(count => count === 1000)).toBe(true)
      const event = { id: 'more', type: 'a.b', schemaVersion: 1, data: '{}' }
      const { stream } = refused[0]!
      expect(
        await store.append([{ stream, expected: 'none', events: [event] }], { commandId: stream }),
      ).toMatchObject({ kind: 'appended', repeated: false })
    },
    CASE_MS,
  )
})
