import { join } from 'node:path'
import { root } from '../workspace/files.mjs'
import { packagesIn } from '../workspace/packages.mjs'

/**
 * @typedef {{ folder: string, types: string, report: string }} Entry
 */

/**
 * Every way into every package, from the `types` conditions of its `exports`, with the name of its API report.
 *
 * @returns {Entry[]}
 */
export function entries() {
  return packagesIn('packages').flatMap(({ folder, manifest }) =>
    Object.entries(manifest.exports ?? {})
      .filter(([, conditions]) => conditions['types'] !== undefined)
      .map(([path, conditions]) => ({
        folder: join(root, folder),
        types: String(conditions['types']).replace(/^\.\//, ''),
        report: reportName(manifest.name, path),
      })),
  )
}

/**
 * @param {string} name such as `@hindcast/core`
 * @param {string} path such as `.` or `./contract`
 */
function reportName(name, path) {
  return [name.replace(/^@[^/]+\//, ''), ...path.split('/').slice(1)].join('-')
}
