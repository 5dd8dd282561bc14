import { lines, tool } from '../../workspace/command.mjs'
import { root } from '../../workspace/files.mjs'

/**
 * knip: no file, export, dependency or type that nothing uses.
 *
 * @returns {Promise<import('../result.mjs').StepResult>}
 */
export async function run() {
  const { stdout, stderr } = await tool('knip', ['--reporter', './scripts/knip/report.mjs', '--no-progress'])
  const last = lines(stdout).at(-1) ?? ''
  if (!last.startsWith('{')) return { saw: {}, problems: [stdout + stderr] }
  /** @type {{ found: Array<{ kind: string, filePath: string, symbol: string, line?: number }>, hints: string[], files: number }} */
  const { found, hints, files } = JSON.parse(last)
  const problems = found.map(
    ({ kind, filePath, symbol, line }) =>
      `${filePath.replace(root, '')}${line ? `:${line}` : ''} unused or unlisted (${kind}): ${symbol}`,
  )
  return { saw: { files }, problems: [...problems, ...hints] }
}
