import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { DEFECTS } from './checker/defect.js'
import { targetsOf } from './lmdb/targets.js'
import type { Report } from './report.js'

const PROGRAM = fileURLToPath(new URL('../dist/chaos/main.js', import.meta.url))
const SECONDS = 6
const SEED = 20_261_121

describe('chaos on the LMDB store', () => {
  it(
    'finds every acknowledged append exactly once while writers are killed and frozen',
    { timeout: 300_000 },
    async () => {
      expect(existsSync(PROGRAM), `${PROGRAM} is missing: npm run build`).toBe(true)
      const result = await run(
        '--store',
        'lmdb',
        '--seconds',
        String(SECONDS),
        '--seed',
        String(SEED),
        '--json',
      )
      expect(result.details).toEqual([])
      for (const kind of Object.keys(DEFECTS)) expect(result).toHaveProperty(kind, 0)
      const targets = targetsOf(SECONDS)
      expect(result.acknowledged).toBeGreaterThanOrEqual(targets.acknowledged)
      expect(result.faults['sigkill']).toBeGreaterThanOrEqual(targets.sigkill)
      expect(result.faults['sigstop']).toBeGreaterThanOrEqual(targets.sigstop)
      expect(result.faults['sigkillInFlight']! * 2).toBeGreaterThanOrEqual(result.faults['sigkill']!)
      expect(result.subscribed).toBeGreaterThan(0)
      expect(result.ok).toBe(true)
    },
  )
})

async function run(...args: string[]): Promise<Report> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, ...args])
  return JSON.parse(stdout) as Report
}
