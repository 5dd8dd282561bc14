import { scope } from './rooms.mjs'

/**
 * What is wrong with a package before any of its files is read: its row, its dependencies, its references, its exports.
 *
 * @param {string} room
 * @param {import('../workspace/packages.mjs').Manifest} manifest
 * @param {ReadonlyArray<{ path: string }>} references of its tsconfig.json
 * @param {(path: string) => boolean} exists whether the package has this file
 * @param {Readonly<Record<string, import('./rooms.mjs').Room>>} rooms
 * @returns {string[]}
 */
export function judgePackage(room, manifest, references, exists, rooms) {
  const row = rooms[room]
  if (!row) return [`packages/${room} has no row in the table of rooms`]
  const problems = []
  const name = row.name ?? scope + room
  if (manifest.name !== name) problems.push(`packages/${room} is named ${manifest.name}, not ${name}`)
  const installed = {
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...manifest.optionalDependencies,
  }
  for (const other of Object.keys(installed)) {
    const allowed = other.startsWith(scope)
      ? row.mayImport.includes(other.slice(scope.length))
      : row.outside.includes(other)
    if (!allowed)
      problems.push(`packages/${room} depends on ${other}, which the table of rooms does not allow`)
  }
  for (const { path } of references) {
    const target = path.replace(/^\.\.\//, '')
    if (!row.mayImport.includes(target))
      problems.push(`packages/${room}/tsconfig.json refers to ${path}, an arrow that is not allowed`)
  }
  for (const [way, conditions] of Object.entries(manifest.exports ?? {}))
    for (const target of Object.values(conditions)) {
      const source = target.replace('./dist/', './src/').replace(/(\.d\.ts|\.js)$/, '.ts')
      if (!exists(source))
        problems.push(`packages/${room} exports ${way} as ${target}, and there is no ${source}`)
    }
  return problems
}
