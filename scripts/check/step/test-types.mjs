import { relative } from 'node:path'
import { lines, tool } from '../../workspace/command.mjs'
import { files, root } from '../../workspace/files.mjs'

/**
 * The tests and these scripts compile too; every test file is in the compiler's program.
 *
 * @returns {Promise<import('../result.mjs').StepResult>}
 */
export async function run() {
  const { stdout, stderr } = await tool('tsc', [
    '-p',
    'tsconfig.test.json',
    '--pretty',
    'false',
    '--listFiles',
  ])
  const output = lines(stdout + stderr)
  const listed = new Set(output.filter(line => line.startsWith(root)).map(line => relative(root, line)))
  const problems = output.filter(line => !/^(\/|[A-Z]:\/)/.test(line))
  const tests = files(/\.test(-d)?\.ts$/)
  const scripts = files(/^scripts\/.*\.mjs$/)
  problems.push(
    ...[...tests, ...scripts]
      .filter(path => !listed.has(path))
      .map(path => `${path} is not in the program of tsconfig.test.json`),
  )
  return { saw: { 'test files': tests.length, scripts: scripts.length }, problems }
}
