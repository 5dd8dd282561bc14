import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Environment } from '../src/environment/environment.js'
import { readNewestMeta } from '../src/file/meta.js'
import { IndexView } from '../src/index/index-view.js'
import { planned, temporaryFolder, writeLog } from './logs.js'

const WRITERS = 6
const READINGS = 12
const PARTITIONS = 3

/** Commits small and large appends as fast as it can, until it is killed; each frees pages that the next ones use again. */
const WRITER = `
const [, index, folder] = process.argv
const { openStreamIndex } = await import(index)
const log = await openStreamIndex(folder, { logId: 'log-1', partitions: ${PARTITIONS}, firstOffset: 1 })
for (let n = 0; ; n++) {
  await log.write(tx => {
    for (let i = 0; i < 1 + (n % 4); i++) {
      const id = process.pid + '-' + n + '-' + i
      const partition = (n + i) % ${PARTITIONS}
      const data = JSON.stringify(id.repeat(1 + (n * 31 + i * 7) % (n % 9 === 0 ? 500 : 30)))
      const event = { id, type: 'a.b', schemaVersion: 1, data }
      const offset = tx.partition(partition).next
      tx.append({ partition, offset, time: n, commandId: id, writes: [{ stream: 'account-' + id, firstVersion: 0, events: [event] }] })
    }
  })
  if (n === 50) process.stdout.write('writing')
}`

describe('the log, read from its file while a process writes to it', () => {
  it('is what LMDB finds, also behind writers that were killed', { timeout: 240_000 }, async () => {
    const folder = temporaryFolder()
    await writeLog(folder, planned(20))
    let given = 0
    let asked = 0
    for (let n = 0; n < WRITERS; n++) {
      const writer = await startWriter(folder)
      // An environment of its own for each, as in a process that has just begun.
      const environment = new Environment(folder)
      const view = new IndexView(environment)
      for (let reading = 0; reading < READINGS; reading++) {
        if (reading === READINGS / 2) await kill(writer)
        await new Promise(resolve => setImmediate(resolve))
        environment.refresh()
        const partition = reading % PARTITIONS
        const { next: end } = view.partition(partition)
        environment.holding(() => {
          const from = Math.max(1, end - 1000)
          const pages = environment.logFile.readFrom(partition, from)
          for (let next = from; next < end; next++) {
            asked++
            const append = pages.take(next)
            if (!append) continue
            given++
            expect(append.raw.equals(view.append(partition, next).raw)).toBe(true)
          }
        })
      }
      await environment.close()
    }
    // Only a writer that changes the meta pages in the moment in which they are read keeps the file from being read.
    expect(given).toBeGreaterThan(asked / 2)
  })

  it('keeps its pages while a snapshot is held, however long that takes', async () => {
    const folder = temporaryFolder()
    await writeLog(folder, planned(200))
    const environment = new Environment(folder)
    onTestFinished(() => environment.close())
    const view = new IndexView(environment)
    const writer = await startWriter(folder)
    environment.refresh()
    const { next: end } = view.partition(0)
    environment.refresh()
    environment.holding(() => {
      // The writer may be just about to change the meta pages.
      let pages = environment.logFile.readFrom(0, 1)
      let append = pages.take(1)
      for (let tries = 0; !append && tries < 100; tries++) {
        pages = environment.logFile.readFrom(0, 1)
        append = pages.take(1)
      }
      // Each commit writes the partitions' last pages anew: those that this snapshot needs are free, but for being held.
      waitForCommits(folder, 40)
      const lost: number[] = []
      for (let next = 2; next < end; next++) if (!pages.take(next)) lost.push(next)
      expect(lost).toEqual([])
    })
    await kill(writer)
  })
})

async function startWriter(folder: string): Promise<ChildProcess> {
  const index = new URL('../dist/index.js', import.meta.url).href
  const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, index, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const began = await Promise.race([
    once(child.stdout!, 'data').then(() => true),
    once(child, 'exit').then(() => false),
  ])
  if (!began) throw new Error('the writer ended; it runs from dist: npm run build')
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

/** Holds this thread until so many transactions of others are written. */
function waitForCommits(folder: string, count: number): void {
  const file = openSync(join(folder, 'data.mdb'), 'r')
  const before = readNewestMeta(file)!.transaction
  while (readNewestMeta(file)!.transaction < before + count)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
  closeSync(file)
}
