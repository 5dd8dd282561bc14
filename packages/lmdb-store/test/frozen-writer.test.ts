import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { appendEvents, open, temporaryFolder } from './folder/workbench.js'

const TIMEOUT_MS = 200

/** Takes LMDB's write lock until it is told to go on, as a process does that was frozen in the middle of a write. */
const HOLDER = `
const { open } = require(process.argv[1])
const { existsSync, writeSync } = require('node:fs')
const root = open({ path: process.argv[2], noSubdir: false, overlappingSync: false, maxDbs: 8 })
root.get('x')
root.transactionSync(() => {
  writeSync(1, 'locked')
  const word = new Int32Array(new SharedArrayBuffer(4))
  for (let waits = 0; !existsSync(process.argv[3]) && waits < 4_000; waits++) Atomics.wait(word, 0, 0, 10)
})
process.exit(0)`

describe('while another process is frozen in the middle of a write', () => {
  it('an append is given up in time and is not written, reads go on, and so does this process', async () => {
    const folder = temporaryFolder()
    const store = await open(folder, { appendTimeoutMs: TIMEOUT_MS })
    onTestFinished(() => store[Symbol.asyncDispose]())
    await appendEvents(store, 10)

    const holder = await holdLock(folder)
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
    expect(await readStream(store, 'account-1')).toHaveLength(1)
    expect(holder.isFrozen()).toBe(true)

    await holder.goOn()
    await appendEvents(store, 10)
    expect(await readStream(store, 'late-1')).toEqual([])
    expect(await readStream(store, 'account-1')).toHaveLength(2)
  })

  it('an append is made when the other goes on in time', async () => {
    const folder = temporaryFolder()
    const store = await open(folder)
    onTestFinished(() => store[Symbol.asyncDispose]())
    const holder = await holdLock(folder)
    const append = appendEvents(store, 1)
    await holder.goOn()
    await append
    expect(await readStream(store, 'account-0')).toHaveLength(1)
  })
})

interface Holder {
  readonly isFrozen: () => boolean
  readonly goOn: () => Promise<void>
}

async function holdLock(folder: string): Promise<Holder> {
  const lmdb = createRequire(new URL('../../stream-index/package.json', import.meta.url)).resolve('lmdb')
  const word = join(temporaryFolder(), 'go-on')
  const holder: ChildProcess = spawn(process.execPath, ['-e', HOLDER, lmdb, folder, word], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(holder, 'exit')
  await once(holder.stdout!, 'data')
  return {
    isFrozen: () => holder.exitCode === null,
    async goOn() {
      writeFileSync(word, '')
      await exit
    },
  }
}

async function readStream(store: Awaited<ReturnType<typeof open>>, stream: string): Promise<string[]> {
  const ids: string[] = []
  for await (const events of store.readStream(stream)) ids.push(...events.map(event => event.id))
  return ids
}
