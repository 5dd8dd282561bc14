import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { systemClock, uuidV7Source } from '@hindcast/core'
import { lmdb, verifyLog } from '@hindcast/lmdb-store'
import { describe, expect, it, onTestFinished } from 'vitest'

const PROGRAM = fileURLToPath(new URL('../dist/lmdb/full-disk-process.js', import.meta.url))
/** In units of 1,024 bytes. */
const LARGEST_FILE = 3000

describe.runIf(process.platform !== 'win32')('an LMDB log on a full disk', () => {
  it('refuses appends with a code, loses none that it acknowledged, and goes on when there is room', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hindcast-full-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const { stdout } = await promisify(execFile)('bash', [
      '-c',
      `ulimit -f ${LARGEST_FILE}; exec "${process.execPath}" "${PROGRAM}" "${folder}"`,
    ])
    const { acknowledged, refused } = JSON.parse(stdout) as {
      acknowledged: string[]
      refused: { id: string; code: string }[]
    }
    expect(acknowledged.length).toBeGreaterThan(100)
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['HC_APPEND_NOT_SENT']))

    const store = await lmdb(folder)({ clock: systemClock, ids: uuidV7Source(), run: 'all' })
    onTestFinished(() => store[Symbol.asyncDispose]())
    const present = new Set<string>()
    for (let partition = 0; partition < store.partitions; partition++)
      for await (const { events } of store.readLog(partition))
        for (const event of events) present.add(event.id)
    expect(acknowledged.filter(id => !present.has(id))).toEqual([])
    expect(refused.filter(({ id }) => present.has(id))).toEqual([])

    const event = { id: 'more', type: 'a.b', schemaVersion: 1, data: '{}' }
    await store.append([{ stream: 'account-more', expected: 'none', events: [event] }], { commandId: 'more' })
    expect(await verifyLog(folder)).toMatchObject({ events: acknowledged.length + 1 })
  })
})
