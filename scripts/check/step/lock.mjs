import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAddress, missingPlatforms } from '../../lock/complete.mjs'
import { root } from '../../workspace/files.mjs'
import { packagesIn, readManifest } from '../../workspace/packages.mjs'

/**
 * `npm ci` accepts the lock file on every platform: it holds all platforms' packages, no address, and what the manifests want.
 *
 * @returns {Promise<import('../result.mjs').StepResult>}
 */
export async function run() {
  /** @type {import('../../lock/complete.mjs').Lock} */
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const entries = Object.entries(lock.packages)
  const missing = missingPlatforms(lock).map(
    ({ name }) => `${name} is not in package-lock.json: npm run lock`,
  )
  const addresses = entries
    .filter(([, meta]) => isAddress(meta))
    .map(([path, meta]) => `package-lock.json has an address for ${path}, ${meta.resolved}: npm run lock`)
  const manifests = [
    { folder: '', manifest: readManifest(root) },
    ...packagesIn('packages'),
    ...packagesIn('examples'),
  ]
  const stale = manifests.flatMap(({ folder, manifest }) =>
    differences(manifest, lock.packages[folder], folder),
  )
  return {
    saw: { packages: entries.length, manifests: manifests.length },
    problems: [...missing, ...addresses, ...stale],
  }
}

/**
 * @param {import('../../workspace/packages.mjs').Manifest} manifest
 * @param {Record<string, unknown> | undefined} locked
 * @param {string} folder
 */
function differences(manifest, locked, folder) {
  return /** @type {const} */ ([
    'dependencies',
    'devDependencies',
    'peerDependencies',
    'optionalDependencies',
  ])
    .filter(kind => canonical(manifest[kind]) !== canonical(locked?.[kind]))
    .map(
      kind => `the lock file is behind the ${kind} of ${folder || 'the root'}: npm install && npm run lock`,
    )
}

/** @param {unknown} dependencies */
function canonical(dependencies) {
  return JSON.stringify(Object.entries(dependencies ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
