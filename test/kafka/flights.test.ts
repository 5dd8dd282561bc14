import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { runNode } from '../docs/process.js'

const PROGRAM = fileURLToPath(new URL('../../examples/flights/dist/main.js', import.meta.url))
const TIMEOUT_MS = 120_000
const given = inject('kafkaBrokers')
const folder = mkdtempSync(join(tmpdir(), 'hindcast-flights-'))

/** Runs the demo; what differs from run to run is left out: figures, and where the log is. */
async function demo(data: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runNode(
    [PROGRAM, '--data', join(folder, data), ...args],
    folder,
    TIMEOUT_MS,
  )
  expect(code, stderr).toBe(0)
  return stdout
    .replaceAll(/[\d.]+ s\b/g, '# s')
    .replaceAll(/\(\d+ commands\/s\)/g, '(# commands/s)')
    .replace(/the log is in .*/, 'the log is there')
    .replaceAll(join(folder, data), 'data')
}

describe.skipIf(given === undefined)('the demo with 20,000 flights on Kafka', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it(
    'prints what it prints on LMDB, and doubles nothing in a second run without its index',
    { timeout: 3 * TIMEOUT_MS },
    async () => {
      const onLmdb = await demo('lmdb')
      expect(onLmdb).toMatch(/demo ok: 20000 departures, 220 airports, 2977 routes/)
      const onKafka = ['--kafka', given!.join(','), '--topic', `flights-${randomUUID()}`]
      expect(await demo('kafka', ...onKafka)).toBe(onLmdb)
      expect(existsSync(join(folder, 'kafka', 'log'))).toBe(false)
      rmSync(join(folder, 'kafka'), { recursive: true })
      expect(await demo('kafka', ...onKafka)).toBe(
        onLmdb.replace('20000 written, 0 known', '0 written, 20000 known'),
      )
    },
  )
})
