import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { linesOf, runBench } from '../bench/run-bench.js'
import { postgresSuite } from '../servers/suites.js'

const TIMEOUT_MS = 180_000
const METRICS = ['p50Ms', 'p95Ms', 'p99Ms', 'eventsPerSecond']
const TINY = ['--rate', '200', '--seconds', '0.5', '--rounds', '1']

async function tailLatency(readModels: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hindcast-bench-'))
  try {
    const args = ['tail-latency', '--store', 'memory', '--json', '--results', folder]
    const { code, stdout, stderr } = await runBench(...args, '--read-models', readModels, ...TINY)
    expect(code, stderr).toBe(0)
    const lines = linesOf(stdout)
    expect(lines.map(line => line['metric'])).toEqual([...METRICS, ...METRICS])
    for (const [index, line] of lines.entries())
      expect(line).toMatchObject({
        rate: 200,
        variant: `${readModels}, ${index < METRICS.length ? 'in the read model' : 'at a waiting reader'}`,
        value: expect.any(Number) as number,
        ratio: expect.any(Number) as number,
      })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

describe('the bench of the tail on PGlite', () => {
  it(
    'says when events are in the read model and at readers, beside the same by hand',
    { timeout: TIMEOUT_MS },
    async () => {
      await expect(tailLatency('pglite')).resolves.toBeUndefined()
    },
  )
})

postgresSuite('the bench of the tail on PostgreSQL', () => {
  it(
    'says when events are in the read model and at readers, beside the same by hand',
    { timeout: TIMEOUT_MS },
    async () => {
      await expect(tailLatency('postgres')).resolves.toBeUndefined()
    },
  )
})
