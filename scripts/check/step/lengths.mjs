import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { files, root } from '../../workspace/files.mjs'

const longestMedian = 80
const longestP90 = 250
const longest = 400

/** Files that may be longer, and why. The reason also stands in ARCHITECTURE.md. @type {Record<string, string>} */
const excused = {}

/**
 * Small files: one concept each. Median and 90th percentile are over the packages' sources, the limit over all code.
 *
 * @returns {Promise<import('../result.mjs').StepResult>}
 */
export async function run() {
  const counted = files(/\.(ts|mts|mjs|js)$/).map(path => ({ path, length: lengthOf(path) }))
  const problems = counted
    .filter(({ path, length }) => length > longest && !(path in excused))
    .map(
      ({ path, length }) =>
        `${path} has ${length} lines, more than ${longest}: give its second concept a file of its own`,
    )
  const sources = counted
    .filter(({ path }) => /^packages\/[^/]+\/src\//.test(path))
    .map(({ length }) => length)
  const [median, p90] = [percentile(sources, 0.5), percentile(sources, 0.9)]
  if (median > longestMedian)
    problems.push(`half of the source files have more than ${median} lines (limit ${longestMedian})`)
  if (p90 > longestP90)
    problems.push(`a tenth of the source files have more than ${p90} lines (limit ${longestP90})`)
  const max = Math.max(0, ...sources)
  return { saw: { files: counted.length, sources: sources.length, median, p90, max }, problems }
}

/** @param {string} path */
function lengthOf(path) {
  return readFileSync(join(root, path), 'utf8').split('\n').length - 1
}

/**
 * @param {number[]} values
 * @param {number} share
 */
function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * share) - 1] ?? 0
}
