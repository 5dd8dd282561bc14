import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock, uuidV7Source } from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'

const PROGRAM = fileURLToPath(new URL('../dist/signals/app-process.js', import.meta.url))

let folder: string
let child: ChildProcess | undefined

/** A running app, with what it said. */
class Running {
  readonly said: string[] = []
  errors = ''
  readonly ended: Promise<unknown[]>
  readonly #child: ChildProcess

  constructor(...args: readonly string[]) {
    this.#child = fork(PROGRAM, [folder, ...args], { silent: true, execArgv: [] })
    child = this.#child
    this.#child.on('message', (message: string) => this.said.push(message))
    this.#child.stderr!.on('data', (chunk: Buffer) => (this.errors += chunk.toString()))
    this.ended = once(this.#child, 'close')
  }

  async until(message: string): Promise<void> {
    while (!this.said.includes(message)) await once(this.#child, 'message')
  }

  send(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }
}

/** How many events the log has. */
async function events(): Promise<number> {
  const factory = lmdb(folder, { partitions: 1 })
  await using store = await factory({ clock: systemClock, ids: uuidV7Source(), run: 'all' })
  let count = 0
  for await (const batch of store.readLog(0)) count += batch.events.length
  return count
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hindcast-signals-'))
})
afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  await rm(folder, { recursive: true })
})

describe('an app that stops on SIGTERM', () => {
  it('finishes the command in hand, and the process ends by the signal', async () => {
    const app = new Running('200', '10000')
    await app.until('begun')
    app.send('SIGTERM')
    expect(await app.ended).toEqual([null, 'SIGTERM'])
    expect(app.said).toEqual(['begun', 'stopping', 'done'])
    expect(app.errors).toBe('')
    expect(await events()).toBe(1)
  })

  it('ends when the time for draining is over, and names what is left', async () => {
    const app = new Running('60000', '300')
    await app.until('begun')
    const asked = performance.now()
    app.send('SIGTERM')
    expect(await app.ended).toEqual([null, 'SIGTERM'])
    expect(performance.now() - asked).toBeGreaterThan(299)
    expect(app.errors).toMatch(/HC_APP_STOP_TIMEOUT.*did not finish within 300 ms/)
    expect(app.errors).toMatch(/command "sleeper\.wait" on stream "sleeper-a", \d+ ms under way/)
    expect(await events()).toBe(0)
  })

  it('ends at once at a second signal', async () => {
    const app = new Running('60000', '60000')
    await app.until('begun')
    app.send('SIGTERM')
    await app.until('stopping')
    app.send('SIGTERM')
    expect(await app.ended).toEqual([null, 'SIGTERM'])
    expect(app.errors).toBe('')
  })

  it('leaves the process to whoever listens to the signal too', async () => {
    const app = new Running('100', '10000', 'listens-too')
    await app.until('begun')
    app.send('SIGTERM')
    await app.until('done')
    app.send('SIGTERM')
    while (app.said.filter(each => each === 'heard').length < 2) await once(child!, 'message')
    expect(child!.exitCode ?? child!.signalCode).toBeNull()
  })
})
