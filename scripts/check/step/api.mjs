import { readFileSync } from 'node:fs'
import { join } from 'node:path'
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
  const problems = []
  let exported = 0
  const all = entries()
  for (const entry of all) {
    const result = extract(entry, { update: false })
    const path = `${entry.folder.replace(root, '')}/etc/${entry.report}.api.md`
    problems.push(...result.problems)
    if (result.changed)
      problems.push(`${path} is not what the code exports: npm run api, and read the difference`)
    else
      exported += lines(readFileSync(join(root, path), 'utf8')).filter(line =>
        line.startsWith('export '),
      ).length
  }
  return { saw: { entries: all.length, exports: exported }, problems }
}
