import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packagesIn, readManifest } from '../workspace/packages.mjs'
import { importsOf } from './imports.mjs'
import { judgeImport } from './judge-import.mjs'
import { judgePackage } from './judge-package.mjs'
import { placeOf } from './places.mjs'

/**
 * Looks at every import of a workspace and judges it by the table of rooms.
 *
 * @param {{ top: string, paths: readonly string[], rooms: Readonly<Record<string, import('./rooms.mjs').Room>> }} workspace
 * @returns {import('../check/result.mjs').StepResult}
 */
export function survey({ top, paths, rooms }) {
  const world = { rooms, manifestOf: manifestsOf(top) }
  const packages = packagesIn('packages', top)
  const problems = packages.flatMap(({ folder, manifest }) =>
    judgePackage(
      folder.replace(/^packages\//, ''),
      manifest,
      referencesOf(join(top, folder)),
      path => existsSync(join(top, folder, path)),
      rooms,
    ),
  )
  let files = 0
  let imports = 0
  let packageImports = 0
  const seen = new Set()
  for (const path of paths) {
    const place = placeOf(path)
    if (!place) continue
    files++
    if (place.kind === 'source') seen.add(place.room)
    for (const { specifier, line } of importsOf(path, readFileSync(join(top, path), 'utf8'))) {
      imports++
      if (!/^(\.|node:)/.test(specifier)) packageImports++
      const problem = judgeImport(path, place, specifier, world)
      if (problem) problems.push(`${path}:${line} '${specifier}' ${problem}`)
    }
  }
  for (const room of Object.keys(rooms))
    if (!seen.has(room)) problems.push(`saw no source file of the room ${room}`)
  return { saw: { rooms: seen.size, files, imports, 'package imports': packageImports }, problems }
}

/** @param {string} top */
function manifestsOf(top) {
  /** @type {Map<string, import('../workspace/packages.mjs').Manifest | undefined>} */
  const known = new Map()
  return (/** @type {string} */ folder) => {
    const path = join(top, folder)
    if (!known.has(path))
      known.set(path, existsSync(join(path, 'package.json')) ? readManifest(path) : undefined)
    return known.get(path)
  }
}

/**
 * @param {string} folder
 * @returns {Array<{ path: string }>}
 */
function referencesOf(folder) {
  const file = join(folder, 'tsconfig.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')).references ?? []) : []
}
