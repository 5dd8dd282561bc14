import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { entries } from '../../api/entries.mjs'
import { lines, tool } from '../../workspace/command.mjs'
import { root } from '../../workspace/files.mjs'

/**
 * The published declarations compile as they stand. Everyone's `skipLibCheck` hides a declaration that names what was
 * stripped from another (`@internal`); a user then works with `any`, and no brand protects anything.
 *
 * @returns {Promise<import('../result.mjs').StepResult>}
 */
export async function run() {
  const declared = entries().map(({ folder, types }) => join(folder, types))
  const project = join(root, '.cache', 'tsconfig.declarations.json')
  const compilerOptions = {
    ...{ composite: false, incremental: false, noEmit: true, declaration: false, declarationMap: false },
    ...{ skipLibCheck: false, rootDir: root },
  }
  mkdirSync(join(root, '.cache'), { recursive: true })
  writeFileSync(
    project,
    JSON.stringify({ extends: '../tsconfig.base.json', compilerOptions, files: declared }),
  )
  const { stdout, stderr } = await tool('tsc', ['-p', project, '--pretty', 'false', '--listFiles'])
  const output = lines(stdout + stderr)
  const ours = new Set(
    output.map(line => relative(root, line)).filter(path => /^packages\/[^/]+\/dist\//.test(path)),
  )
  const problems = output.filter(line => /: error TS|^error TS/.test(line) && !line.includes('node_modules/'))
  return { saw: { entries: declared.length, declarations: ours.size }, problems }
}
