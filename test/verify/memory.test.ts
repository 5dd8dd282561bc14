import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const PROGRAM = fileURLToPath(new URL('../dist/verify/large-log.js', import.meta.url))
const MEMORY_MIB = 80

it(
  'a log is verified in less memory than the states of its aggregates need',
  { timeout: 300_000 },
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      `--max-old-space-size=${MEMORY_MIB}`,
      PROGRAM,
    ])
    const { stateBytes, ...report } = JSON.parse(stdout) as { readonly stateBytes: number }
    expect(report).toEqual({ events: 80_000, streams: 40_000, problems: 0, notFolded: 0 })
    expect(stateBytes).toBeGreaterThan(1.5 * MEMORY_MIB * 1024 * 1024)
  },
)
