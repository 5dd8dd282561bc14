import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
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
    const { lines, signal } = fillDisk(folder)
    // LMDB's native code now and then frees a page twice behind a failed write, and ends the process.
    expect(lines.at(-1) === 'closed' || signal === 'SIGABRT').toBe(true)
    const answers = lines.filter(line => line !== 'closed').map(line => line.split(' '))
    const acknowledged = answers.filter(answer => answer.length === 1).map(([id]) => id!)
    const refused = answers.filter(answer => answer.length === 2).map(([id, code]) => ({ id: id!, code }))
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
    expect(await verifyLog(folder)).toMatchObject({ events: present.size + 1 })
    if (signal === null) expect(present.size).toBe(acknowledged.length)
  })
})

/** Appends until the disk is full; what the process printed, line by line, and the signal that ended it, if one did. */
function fillDisk(folder: string): { readonly lines: readonly string[]; readonly signal: string | null } {
  const command = `ulimit -f ${LARGEST_FILE}; exec "${process.execPath}" "${PROGRAM}" "${folder}"`
  const { stdout, signal } = spawnSync('bash', ['-c', command], { encoding: 'utf8' })
  return { lines: stdout.trim().split('\n'), signal }
}
