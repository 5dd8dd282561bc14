import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { describe, expect, it, onTestFinished } from 'vitest'
import { appendEvents, open, temporaryFolder } from './folder/workbench.js'

const HELD_MS = 1500
const TIMEOUT_MS = 200

/** Takes LMDB's write lock for a time, as a process does that was frozen in the middle of a write. */
const HOLDER = `
const { open } = require(process.argv[1])
const root = open({ path: process.argv[2], noSubdir: false, overlappingSync: false, maxDbs: 8 })
root.get('x')
root.transactionSync(() => {
  require('node:fs').writeSync(1, 'locked')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${HELD_MS})
})
process.exit(0)`

describe('while another process is frozen in the middle of a write', () => {
  it('an append is given up in time and is not written, reads go on, and so does this process', async () => {
    const folder = temporaryFolder()
    const store = await open(folder, { appendTimeoutMs: TIMEOUT_MS })
    onTestFinished(() => store[Symbol.asyncDispose]())
    await appendEvents(store, 10)

    const holder = await holdLock(folder)
    const start = performance.now()
    let turns = 0
    const ticks = setInterval(() => turns++, 10)
    const append = store.append(
      [
        {
          stream: 'late-1',
          expected: 'none',
          events: [{ id: 'late', type: 'a.b', schemaVersion: 1, data: '{}' }],
        },
      ],
      { commandId: 'late' },
    )
    await expect(append).rejects.toMatchObject({ code: 'HC_APPEND_NOT_SENT', retryable: true })
    clearInterval(ticks)
    expect(performance.now() - start).toBeLessThan(HELD_MS)
    expect(turns).toBeGreaterThan(5)
    expect(await readStream(store, 'account-1')).toHaveLength(1)

    await once(holder, 'exit')
    await appendEvents(store, 10)
    expect(await readStream(store, 'late-1')).toEqual([])
    expect(await readStream(store, 'account-1')).toHaveLength(2)
  })

  it('an append is made when the other goes on in time', async () => {
    const folder = temporaryFolder()
    const store = await open(folder)
    onTestFinished(() => store[Symbol.asyncDispose]())
    await holdLock(folder)
    await appendEvents(store, 1)
    expect(await readStream(store, 'account-0')).toHaveLength(1)
  })
})

async function holdLock(folder: string): Promise<ChildProcess> {
  const lmdb = createRequire(new URL('../../stream-index/package.json', import.meta.url)).resolve('lmdb')
  const holder = spawn(process.execPath, ['-e', HOLDER, lmdb, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(holder.stdout!, 'data')
  return holder
}

async function readStream(store: Awaited<ReturnType<typeof open>>, stream: string): Promise<string[]> {
  const ids: string[] = []
  for await (const events of store.readStream(stream)) ids.push(...events.map(event => event.id))
  return ids
}
