import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { linesOf, parse, runBench } from './run-bench.js'

describe('the bench', () => {
  it('prints only JSON lines, each with everything that is needed to read it alone, and writes them to a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hindcast-bench-'))
    try {
      const args = ['append-latency', '--store', 'memory', '--json', '--results', folder]
      const tiny = ['--streams', '20,40', '--commands', '10', '--rounds', '1']
      const { code, stdout } = await runBench(...args, ...tiny)
      expect(code).toBe(0)
      const lines = linesOf(stdout)
      expect(lines).toHaveLength(10)
      for (const line of lines)
        expect(line).toMatchObject({
          suite: 'append-latency',
          store: 'memory',
          metric: expect.any(String),
          concurrency: 1,
          value: expect.any(Number),
          unit: expect.any(String),
          baseline: expect.any(String),
          baselineValue: expect.any(Number),
          ratio: expect.any(Number),
          durability: expect.stringContaining('none'),
        })
      const metrics = ['p50Ms', 'p95Ms', 'p99Ms', 'cpuMsPerCommand', 'rssMiB']
      expect(lines.map(line => line['metric'])).toEqual([...metrics, ...metrics])
      expect(lines.map(line => line['streams'])).toEqual([20, 20, 20, 20, 20, 40, 40, 40, 40, 40])
      const file = parse(await readFile(join(folder, 'append-latency-memory.json'), 'utf8'))
      expect(file['lines']).toEqual(lines)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('measures how long the command line takes to answer, beside Node alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hindcast-bench-'))
    try {
      const args = ['command-line', '--store', 'memory', '--json', '--results', folder, '--rounds', '1']
      const { code, stdout } = await runBench(...args)
      expect(code).toBe(0)
      expect(linesOf(stdout).map(({ metric, variant }) => [metric, variant])).toEqual([
        ['p50Ms', '--help'],
        ['cpuMsPerCommand', '--help'],
        ['p50Ms', '--version'],
        ['cpuMsPerCommand', '--version'],
      ])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('runs the suite of many commands a second time, with more room for new objects, and says which lines are which', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hindcast-bench-'))
    try {
      const args = ['append-throughput', '--store', 'memory', '--json', '--results', folder]
      const tiny = ['--concurrency', '2,3', '--seconds', '0.02', '--rounds', '1']
      const { code, stdout } = await runBench(...args, ...tiny)
      expect(code).toBe(0)
      const lines = linesOf(stdout)
      expect(lines.map(line => line['concurrency'])).toEqual([2, 2, 2, 2, 3, 3, 3, 3, 2, 2, 2, 2, 3, 3, 3, 3])
      const said = lines.map(line => String(line['nodeOptions']).includes('--max-semi-space-size=64'))
      expect(said).toEqual([...Array<boolean>(8).fill(false), ...Array<boolean>(8).fill(true)])
      const file = parse(await readFile(join(folder, 'append-throughput-memory.json'), 'utf8'))
      expect(file['lines']).toEqual(lines)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it.each([
    [['apend-latency'], 'unknown suite "apend-latency"; did you mean append-latency?'],
    [['contention', '--stroe', 'lmdb'], 'unknown flag --stroe; did you mean --store?'],
    [['contention', '--store', 'lmbd'], 'unknown store "lmbd"; did you mean lmdb?'],
    [['contention', '--streams', '5'], 'suite contention does not take --streams'],
    [['rehydrate', '--rounds', 'many'], '--rounds many: it is a number above 0'],
    [['rehydrate', '--rounds'], '--rounds needs a value'],
    [['contention', '--store', 'kafka', '--replicas', '2'], 'measured with 1 or 3 replicas, not 2'],
    [[], 'which suite?'],
  ])('ends with code 2 and says what was probably meant: %j', async (args, message) => {
    const { code, stdout, stderr } = await runBench(...args)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(message)
  })
})
