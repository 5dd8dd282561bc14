import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { linesOf, runBench } from './run-bench.js'

it('the bench measures verifying a log beside reading it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hindcast-bench-'))
  try {
    const tiny = ['--records', '300', '--rounds', '1', '--results', folder]
    const { code, stdout } = await runBench('verify', '--store', 'memory', '--json', ...tiny)
    expect(code).toBe(0)
    expect(linesOf(stdout).map(({ metric, records, streams }) => ({ metric, records, streams }))).toEqual(
      ['eventsPerSecond', 'cpuUsPerEvent'].map(metric => ({ metric, records: 300, streams: 30 })),
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
