import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
/** Some way into the import: the log then has this many bytes. */
const MIDWAY_BYTES = 400_000

let data = ''
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'hindcast-flights-'))
})
afterEach(() => rm(data, { recursive: true, force: true }))

function start(): { readonly child: ChildProcess; readonly output: Promise<string> } {
  const child = spawn(process.execPath, [MAIN, '--data', data], { stdio: ['ignore', 'pipe', 'pipe'] })
  const output = (async () => {
    let text = ''
    child.stdout.setEncoding('utf8').on('data', chunk => (text += chunk as string))
    await once(child, 'close')
    return text
  })()
  return { child, output }
}

async function logBytes(): Promise<number> {
  return stat(join(data, 'log', 'data.mdb')).then(
    file => file.size,
    () => 0,
  )
}

it('is completed by the next run when it is killed in the middle, and doubles nothing in a run after it', async () => {
  const first = start()
  while ((await logBytes()) < MIDWAY_BYTES && first.child.exitCode === null) await new Promise(setImmediate)
  first.child.kill('SIGKILL')
  expect(await first.output).not.toContain('demo ok')

  const second = await start().output
  const [, written, known] = /(\d+) written, (\d+) known from before/.exec(second)!.map(Number)
  expect(known).toBeGreaterThan(0)
  expect(written).toBeGreaterThan(0)
  expect(written! + known!).toBe(20_000)
  expect(second).toMatch(/demo ok: 20000 departures, 220 airports, 2977 routes/)

  const third = await start().output
  expect(third).toContain('0 written, 20000 known from before')
  expect(third).toMatch(/demo ok: 20000 departures, 220 airports, 2977 routes/)
  expect(await readFile(join(data, 'departures.svg'), 'utf8')).toMatch(/^<svg[^>]*>[\s\S]*<\/svg>$/)
}, 120_000)
