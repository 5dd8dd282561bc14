import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { demo } from '../flights/demo.js'
import { brokers, kafkaSuite } from '../servers/suites.js'

const TIMEOUT_MS = 240_000
const folder = mkdtempSync(join(tmpdir(), 'hindcast-flights-'))

const demoIn = (data: string, ...args: string[]): Promise<string> => demo(join(folder, data), ...args)

kafkaSuite('the demo with 20,000 flights on Kafka', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it(
    'prints what it prints on LMDB, and doubles nothing in a second run without its index',
    { timeout: 3 * TIMEOUT_MS },
    async () => {
      const onLmdb = await demoIn('lmdb')
      expect(onLmdb).toMatch(/demo ok: 20000 departures, 220 airports, 2977 routes/)
      const onKafka = ['--kafka', brokers.join(','), '--topic', `flights-${randomUUID()}`]
      expect(await demoIn('kafka', ...onKafka)).toBe(onLmdb)
      expect(existsSync(join(folder, 'kafka', 'log'))).toBe(false)
      rmSync(join(folder, 'kafka'), { recursive: true })
      expect(await demoIn('kafka', ...onKafka)).toBe(
        onLmdb.replace('20000 written, 0 known', '0 written, 20000 known'),
      )
    },
  )
})
