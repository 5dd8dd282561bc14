import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './files.mjs'

/**
 * @typedef {{
 *   name: string, private?: boolean, files?: string[],
 *   exports?: Record<string, Record<string, string>>, imports?: Record<string, string>,
 *   dependencies?: Record<string, string>, devDependencies?: Record<string, string>,
 *   peerDependencies?: Record<string, string>, optionalDependencies?: Record<string, string>,
 * }} Manifest
 * @typedef {{ folder: string, manifest: Manifest }} Package
 */

/**
 * The packages in a folder of the workspace, by name.
 *
 * @param {string} group `packages` or `examples`
 * @param {string} [top]
 * @returns {Package[]}
 */
export function packagesIn(group, top = root) {
  if (!existsSync(join(top, group))) return []
  return readdirSync(join(top, group))
    .toSorted()
    .map(name => join(group, name))
    .filter(folder => existsSync(join(top, folder, 'package.json')))
    .map(folder => ({ folder, manifest: readManifest(join(top, folder)) }))
}

/**
 * @param {string} folder
 * @returns {Manifest}
 */
export function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}
