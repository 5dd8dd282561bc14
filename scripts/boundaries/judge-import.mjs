import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import { scope, testRoom } from './rooms.mjs'

/**
 * @typedef {{
 *   rooms: Readonly<Record<string, import('./rooms.mjs').Room>>,
 *   manifestOf: (folder: string) => import('../workspace/packages.mjs').Manifest | undefined,
 * }} World
 */

/**
 * What is wrong with an import, if anything.
 *
 * @param {string} path the importing file
 * @param {import('./places.mjs').Place} place
 * @param {string} specifier
 * @param {World} world
 * @returns {string | undefined}
 */
export function judgeImport(path, place, specifier, world) {
  if (specifier.startsWith('.')) return judgeRelative(path, place, specifier)
  if (specifier.startsWith('/') || /^\w+:\/\//.test(specifier)) return 'is an address, not a package'
  if (specifier.startsWith('node:')) return undefined
  if (specifier.startsWith('#')) return judgeInside(place, specifier, world)
  if (builtinModules.includes(specifier)) return `is a module of Node: write node:${specifier}`
  return specifier.startsWith(scope)
    ? judgeOurs(place, specifier, world)
    : judgeOutside(place, specifier, world)
}

/**
 * @param {string} path
 * @param {import('./places.mjs').Place} place
 * @param {string} specifier
 */
function judgeRelative(path, { home, openTo }, specifier) {
  const target = posix.join(posix.dirname(path), specifier)
  return [home, ...openTo].some(folder => target.startsWith(`${folder}/`))
    ? undefined
    : `leaves ${home}: import the package by its name`
}

/**
 * A name that a package.json gives to one of its own files.
 *
 * @param {import('./places.mjs').Place} place
 * @param {string} specifier
 * @param {World} world
 */
function judgeInside({ manifests }, specifier, { manifestOf }) {
  const named = manifests.some(folder => specifier in (manifestOf(folder)?.imports ?? {}))
  return named ? undefined : 'is not in the imports of package.json'
}

/**
 * @param {import('./places.mjs').Place} place
 * @param {string} specifier
 * @param {World} world
 */
function judgeOurs({ kind, room, manifests }, specifier, { rooms, manifestOf }) {
  const [, target = '', ...rest] = specifier.split('/')
  const row = rooms[target]
  if (!row) return 'names a package that has no row in the table of rooms'
  if (room === target && kind === 'source') return 'imports its own package by name: use a relative import'
  if (room !== undefined && room !== target) {
    const allowed = [...(rooms[room]?.mayImport ?? []), ...(kind === 'test' ? [testRoom] : [])]
    if (!allowed.includes(target)) return `is an arrow that is not allowed: ${room} -> ${target}`
    if (!declares(manifests.slice(0, 1), scope + target, kind, manifestOf))
      return 'is not declared in package.json'
  }
  const way = ['.', ...rest].join('/')
  const exported = Object.keys(manifestOf(`packages/${target}`)?.exports ?? {})
  return exported.includes(way) ? undefined : `is not in the exports of ${scope}${target}`
}

/**
 * @param {import('./places.mjs').Place} place
 * @param {string} specifier
 * @param {World} world
 */
function judgeOutside({ kind, room, manifests }, specifier, { rooms, manifestOf }) {
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  if (kind === 'source' && !rooms[room ?? '']?.outside.includes(name))
    return `is not allowed in ${room}: see the table of rooms`
  return declares(manifests, name, kind, manifestOf) ? undefined : 'is not declared in package.json'
}

/**
 * @param {readonly string[]} folders
 * @param {string} name
 * @param {import('./places.mjs').Place['kind']} kind
 * @param {World['manifestOf']} manifestOf
 */
function declares(folders, name, kind, manifestOf) {
  return folders.some(folder => {
    const manifest = manifestOf(folder)
    const installed = {
      ...manifest?.dependencies,
      ...manifest?.peerDependencies,
      ...manifest?.optionalDependencies,
    }
    return name in (kind === 'source' ? installed : { ...installed, ...manifest?.devDependencies })
  })
}
