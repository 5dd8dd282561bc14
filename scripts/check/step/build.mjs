import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { lines, tool } from '../../workspace/command.mjs'
import { files, root } from '../../workspace/files.mjs'
import { packagesIn } from '../../workspace/packages.mjs'

/**
 * `tsc -b`, and then: every source has its output, and no output outlived its source (it would be published).
 *
 * @returns {Promise<import('../result.mjs').StepResult>}
 */
export async function run() {
  const { code, stdout, stderr } = await tool('tsc', ['-b', '--pretty', 'false'])
  const problems = code === 0 ? [] : lines(stdout + stderr)
  const packages = [...packagesIn('packages'), ...packagesIn('examples')]
  const sources = packages.flatMap(({ folder }) => files(new RegExp(`^${folder}/src/.*\\.ts$`)))
  if (code === 0)
    problems.push(
      ...sources
        .map(outputOf)
        .filter(isMissing)
        .map(path => `${path} was not built`),
    )
  const known = new Set(sources.map(outputOf))
  problems.push(
    ...packages
      .flatMap(({ folder }) => scripts(join(folder, 'dist')))
      .filter(path => !known.has(path))
      .map(path => `${path} has no source any more: npm run clean && npm run build`),
  )
  return { saw: { packages: packages.length, sources: sources.length }, problems }
}

/** @param {string} source */
function outputOf(source) {
  return source.replace('/src/', '/dist/').replace(/\.ts$/, '.js')
}

/** @param {string} path */
function isMissing(path) {
  return !existsSync(join(root, path))
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function scripts(folder) {
  if (isMissing(folder)) return []
  return readdirSync(join(root, folder)).flatMap(name => {
    const path = join(folder, name)
    if (statSync(join(root, path)).isDirectory()) return scripts(path)
    return path.endsWith('.js') ? [path] : []
  })
}
