import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { linesOf, runBench } from '../bench/run-bench.js'
import { kafkaSuite } from '../servers/suites.js'

const results = mkdtempSync(join(tmpdir(), 'hindcast-bench-'))
const TINY = ['--store', 'kafka', '--replicas', '1', '--rounds', '1', '--json', '--results', results]

kafkaSuite('the bench on Kafka', () => {
  afterAll(() => rmSync(results, { recursive: true, force: true }))

  it('starts its own broker and finds every balance as it was acknowledged', async () => {
    const sizes = ['--seconds', '0.2', '--processes', '1,2']
    const { code, stdout, stderr } = await runBench('contention', ...TINY, ...sizes)
    expect(stderr).not.toContain('left out')
    expect(code).toBe(0)
    const lines = linesOf(stdout)
    expect(lines).toHaveLength(8)
    for (const line of lines)
      expect(line).toMatchObject({
        suite: 'contention',
        store: 'kafka',
        replicas: 1,
        baseline: expect.stringContaining('kafkajs'),
        durability: expect.stringContaining('acks=all'),
      })
    expect(lines.map(({ processes }) => processes)).toEqual([1, 1, 1, 1, 2, 2, 2, 2])
    for (const { value } of lines) expect(value).toBeGreaterThan(0)
  })

  it('fills an index from the log and reads the same log with kafkajs', async () => {
    const { code, stdout } = await runBench('cold-start', ...TINY, '--records', '500')
    expect(code).toBe(0)
    const [line, ...others] = linesOf(stdout)
    expect(others).toEqual([])
    expect(line).toMatchObject({ metric: 'eventsPerSecond', replicas: 1, streams: 50 })
    expect(line!['value']).toBeGreaterThan(0)
    expect(line!['baselineValue']).toBeGreaterThan(0)
  })
})
