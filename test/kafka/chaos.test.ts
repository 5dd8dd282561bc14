import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { DEFECTS } from '../chaos/checker/defect.js'
import { FAULTS } from '../chaos/kafka/faults/fault-counts.js'
import type { Report } from '../chaos/report.js'
import { kafkaSuite } from '../servers/suites.js'

const PROGRAM = fileURLToPath(new URL('../dist/chaos/main.js', import.meta.url))
const SECONDS = 25
const SEED = 20_261_121
/** Three brokers start and are all killed once; a busy machine takes its time. */
const RUN_MS = 600_000

kafkaSuite('chaos on the Kafka store', () => {
  it(
    'finds every acknowledged append exactly once while brokers, writers, network and topic fail in every way',
    async () => {
      expect(existsSync(PROGRAM), `${PROGRAM} is missing: npm run build`).toBe(true)
      const result = await run(
        '--store',
        'kafka',
        '--seconds',
        String(SECONDS),
        '--seed',
        String(SEED),
        '--json',
      )
      expect(result.details, `journals: ${result.kept}`).toEqual([])
      for (const kind of Object.keys(DEFECTS)) expect(result).toHaveProperty(kind, 0)
      for (const kind of Object.keys(FAULTS)) expect(result.faults[kind], kind).toBeGreaterThan(0)
      expect(result.acknowledged).toBeGreaterThan(100)
      expect(result.subscribed).toBeGreaterThan(result.events)
      expect(result.ok).toBe(true)
    },
    RUN_MS,
  )
})

/** A run that finds a defect ends with 1, and says what it found nevertheless. */
async function run(...args: string[]): Promise<Report> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, ...args]).catch(
    (error: { code?: unknown; stdout?: string }) => {
      if (error.code !== 1 || !error.stdout) throw error
      return { stdout: error.stdout }
    },
  )
  return JSON.parse(stdout) as Report
}
