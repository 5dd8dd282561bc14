import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { COMMON, type OptionName, type Options } from '../cli/options.js'
import type { ResultLine } from '../report/result-line.js'
import type { Suite } from './suite.js'

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url))
/** What the other process is told itself. */
const NOT_PASSED: ReadonlySet<OptionName> = new Set(['json', 'help', 'results'])

/**
 * Runs a whole suite in a process that Node starts with one more option: ours, the baseline and what they stand on.
 *
 * @yields what it finds
 * @throws Error when the process does not end well
 */
export async function* runWith(
  nodeOption: string,
  suite: Suite,
  options: Options,
): AsyncGenerator<ResultLine> {
  const results = await mkdtemp(join(tmpdir(), 'hindcast-bench-'))
  try {
    const flags = [...COMMON, ...suite.options].flatMap(name => flagOf(name, options))
    const child = spawn(
      process.execPath,
      [...process.execArgv, nodeOption, MAIN, suite.name, '--json', '--results', results, ...flags],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const exited = once(child, 'exit')
    for await (const line of createInterface(child.stdout)) yield JSON.parse(line) as ResultLine
    const [code, signal] = (await exited) as [number | null, string | null]
    if (code !== 0) throw new Error(`the bench with ${nodeOption} ended with ${code ?? signal}`)
  } finally {
    await rm(results, { recursive: true, force: true })
  }
}

function flagOf(name: OptionName, options: Options): readonly string[] {
  const value = options[name]
  return value === undefined || NOT_PASSED.has(name) ? [] : [`--${name}`, String(value)]
}
