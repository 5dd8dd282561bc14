import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demo, logHas, startDemo } from '../flights/demo.js'
import { OwnDatabase } from '../servers/own-database.js'
import { postgresSuite } from '../servers/suites.js'

const TIMEOUT_MS = 300_000
/** Some way into the import: the log then has this many bytes. */
const MIDWAY_BYTES = 400_000
const RESULT = /demo ok: 20000 departures, 220 airports, 2977 routes/

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hindcast-flights-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Kills a run in the middle, lets the next one complete it, and runs it once more. @returns what a complete run prints */
async function killAndComplete(data: string, ...args: string[]): Promise<string> {
  const first = startDemo(data, ...args)
  await logHas(MIDWAY_BYTES, data, first)
  first.child.kill('SIGKILL')
  expect(await first.printed).not.toContain('demo ok')

  const second = await demo(data, ...args)
  const [written, known] = (/(\d+) written, (\d+) known from before/.exec(second) ?? []).slice(1).map(Number)
  expect(known).toBeGreaterThan(0)
  expect(written).toBeGreaterThan(0)
  expect(written! + known!).toBe(20_000)
  expect(second).toMatch(RESULT)

  const third = await demo(data, ...args)
  expect(third).toContain('0 written, 20000 known from before')
  expect(await readFile(join(data, 'departures.svg'), 'utf8')).toMatch(/^<svg[^>]*>[\s\S]*<\/svg>$/)
  return third
}

let withoutServer: Promise<string> | undefined
/** What a run prints, completed after a kill, where no server is used; both tests ask for it. */
function embedded(): Promise<string> {
  return (withoutServer ??= killAndComplete(join(folder, 'pglite')))
}

describe('the demo with 20,000 flights', () => {
  it(
    'is completed by the next run when it is killed in the middle, and doubles nothing in a run after it',
    { timeout: TIMEOUT_MS },
    async () => {
      expect(await embedded()).toMatch(RESULT)
    },
  )
})

postgresSuite('the demo with 20,000 flights and PostgreSQL', server => {
  it(
    'survives being killed too, and prints what it prints without a server',
    { timeout: 2 * TIMEOUT_MS },
    async () => {
      await using database = await OwnDatabase.make(server)
      const onServer = await killAndComplete(join(folder, 'postgres'), '--postgres', database.url)
      expect(onServer).toMatch(RESULT)
      expect(onServer).toBe(await embedded())
    },
  )
})
