import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { root } from '../../scripts/workspace/files.mjs'

const NEEDS_BROKER = 'packages/kafka-store/test/broker/contract.test.ts'
const NEEDS_NONE = 'test/tooling/lock.test.ts'
const RUN_MS = 180_000

const programs = mkdtempSync(join(tmpdir(), 'hindcast-programs-'))
afterAll(() => rmSync(programs, { recursive: true }))
symlinkSync(execFileSync('which', ['git'], { encoding: 'utf8' }).trim(), join(programs, 'git'))

/** A run of vitest on a machine that has neither Java nor Maven nor a broker. */
function runWithoutKafka(ci: boolean): Promise<{ exitCode: number; lastLine: string | undefined }> {
  const { KAFKA_BROKERS: _brokers, CI: _ci, VITEST: _vitest, ...rest } = process.env
  const env = { ...rest, PATH: programs, NO_COLOR: '1', ...(ci && { CI: 'true' }) }
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  return new Promise(resolve => {
    const child = execFile(
      process.execPath,
      [vitest, 'run', NEEDS_BROKER, NEEDS_NONE],
      { cwd: root, env, timeout: RUN_MS },
      (_, stdout) =>
        resolve({ exitCode: child.exitCode ?? -1, lastLine: stdout.trimEnd().split('\n').at(-1) }),
    )
  })
}

describe('a run of the tests on a machine without Kafka', () => {
  it(
    'says last how many suites did not run, and fails in CI',
    async () => {
      const [atHome, inCi] = await Promise.all([runWithoutKafka(false), runWithoutKafka(true)])
      const lastLine = 'Kafka suites NOT RUN: 1'
      expect(atHome).toEqual({ exitCode: 0, lastLine })
      expect(inCi).toEqual({ exitCode: 1, lastLine })
    },
    RUN_MS,
  )
})
