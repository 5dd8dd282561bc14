// `npm run check`: everything that can be said about the repository without running its tests.
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { command, lines } from './workspace/command.mjs'
import { schedule, select } from './check/schedule.mjs'
import { steps } from './check/steps.mjs'

const runner = fileURLToPath(new URL('./check/run-step.mjs', import.meta.url))
const began = performance.now()

/** @param {number} since */
const seconds = since => `${((performance.now() - since) / 1000).toFixed(1).padStart(5)} s`

/**
 * @param {string} name
 * @returns {Promise<boolean>} whether all is well
 */
async function runStep(name) {
  const start = performance.now()
  const { code, stdout, stderr } = await command(process.execPath, [runner, name])
  if (code !== 0) {
    console.log(`FAILED  ${name.padEnd(12)} ${seconds(start)}  it broke\n${stderr || stdout}`)
    return false
  }
  /** @type {import('./check/result.mjs').StepResult} */
  const { saw, problems } = JSON.parse(lines(stdout).at(-1) ?? '')
  const seen = Object.entries(saw).map(([kind, count]) => `${count} ${kind}`)
  const ok = problems.length === 0
  if (!ok) seen.push(`${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`)
  console.log(`${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(12)} ${seconds(start)}  ${seen.join(', ')}`)
  for (const problem of problems) console.log(`        ${problem.replaceAll('\n', '\n        ')}`)
  return ok
}

const results = await schedule(select(steps, process.argv.slice(2)), availableParallelism(), runStep)
const failed = [...results].filter(([, ok]) => !ok).map(([name]) => name)
console.log(
  failed.length === 0
    ? `check ok: ${results.size} steps in${seconds(began)}`
    : `check FAILED in${seconds(began)}: ${failed.join(', ')}`,
)
process.exitCode = failed.length === 0 ? 0 : 1
