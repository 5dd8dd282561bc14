import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { brokenLinks } from '../../links/broken-links.mjs'
import { files, root } from '../../workspace/files.mjs'

/**
 * Every relative link of every Markdown page leads to a file, and to a heading where it names one.
 *
 * @returns {Promise<import('../result.mjs').StepResult>}
 */
export async function run() {
  const pages = files(/\.md$/).filter(path => !path.endsWith('.api.md'))
  let links = 0
  const problems = pages.flatMap(page => {
    const found = brokenLinks(page, readFileSync(join(root, page), 'utf8'), read)
    links += found.links
    return found.broken.map(({ line, target, why }) => `${page}:${line} links to ${target}: ${why}`)
  })
  return { saw: { pages: pages.length, links }, problems }
}

/** @param {string} path */
function read(path) {
  const file = join(root, path)
  if (!existsSync(file)) return undefined
  return statSync(file).isDirectory() ? '' : readFileSync(file, 'utf8')
}
