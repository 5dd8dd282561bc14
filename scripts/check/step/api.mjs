import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { entries } from '../../api/entries.mjs'
import { extract } from '../../api/extract.mjs'
import { lines } from '../../workspace/command.mjs'
import { root } from '../../workspace/files.mjs'

/**
 * What the packages promise to users is what the committed reports say, and every part of it is documented.
 *
 * @returns {Promise<import('../result.mjs').StepResult>}
 */
export async function run() {
  const all = entries()
  const results = all.map(compare)
  return {
    saw: { entries: all.length, exports: results.reduce((sum, { exported }) => sum + exported, 0) },
    problems: results.flatMap(({ problems }) => problems),
  }
}

/**
 * @param {import('../../api/entries.mjs').Entry} entry
 * @returns {{ exported: number, problems: string[] }}
 */
function compare(entry) {
  const path = relative(root, join(entry.folder, 'etc', `${entry.report}.api.md`))
  try {
    const { changed, problems } = extract(entry, { update: false })
    if (changed) problems.push(`${path} is not what the code exports: npm run api, and read the difference`)
    return { exported: changed ? 0 : exportsOf(path), problems }
  } catch (error) {
    return {
      exported: 0,
      problems: [`${path} cannot be made: ${error instanceof Error ? error.message : String(error)}`],
    }
  }
}

/** @param {string} path */
function exportsOf(path) {
  return lines(readFileSync(join(root, path), 'utf8')).filter(line => line.startsWith('export ')).length
}
