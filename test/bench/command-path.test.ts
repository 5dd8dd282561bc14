import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Allocated } from '#bench-allocated'
import { linesOf, runBench } from './run-bench.js'

it('tells the processor time and the allocations of a command above the log, and checks every state', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hindcast-bench-'))
  try {
    const tiny = ['--seconds', '0.05', '--concurrency', '1,100', '--rounds', '1']
    const { code, stdout, stderr } = await runBench(
      'command-path',
      ...['--store', 'memory', '--json', '--results', folder],
      ...tiny,
    )
    expect(code, stderr).toBe(0)
    const lines = linesOf(stdout)
    const metrics = ['cpuUsPerCommand', 'allocatedBytesPerCommand']
    expect(lines.map(line => line['metric'])).toEqual([...metrics, ...metrics, ...metrics, ...metrics])
    expect(lines.map(line => line['streams'])).toEqual([64, 64, 4000, 4000, 64, 64, 4000, 4000])
    for (const { value, baselineValue } of lines) {
      expect(value).toBeGreaterThan(0)
      expect(baselineValue).toBeGreaterThan(0)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

it('counts what was allocated, also when it was collected meanwhile', () => {
  const allocated = new Allocated()
  let kept: unknown
  for (let i = 0; i < 1000; i++) kept = Array.from({ length: 10_000 }, () => i)
  const bytes = allocated.stop()
  expect(kept).toHaveLength(10_000)
  expect(bytes).toBeGreaterThan(80_000_000)
  expect(bytes).toBeLessThan(400_000_000)
})
