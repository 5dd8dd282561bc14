import { posix } from 'node:path'

/**
 * Where a file lives.
 * - `home`: the folder that its relative imports must not leave (with `openTo`, the further folders they may enter)
 * - `room`: its package, when it is part of one
 * - `manifests`: the folders whose package.json declare what it may import
 *
 * @typedef {{
 *   kind: 'source' | 'test' | 'composition', room?: string, home: string, openTo: readonly string[], manifests: readonly string[],
 * }} Place
 */

/**
 * @param {string} path relative to the top of the repository
 * @returns {Place | undefined} undefined for a file that belongs to no place with rules
 */
export function placeOf(path) {
  const [group = '', name = '', part = ''] = path.split('/')
  const home = posix.join(group, name)
  if (group === 'packages' && part === 'src')
    return { kind: 'source', room: name, home: posix.join(home, 'src'), openTo: [], manifests: [home] }
  if (group === 'packages')
    return { kind: 'test', room: name, home, openTo: ['test/servers'], manifests: [home, '.'] }
  if (group === 'examples') return { kind: 'composition', home, openTo: [], manifests: [home, '.'] }
  if (group === 'test') return { kind: 'composition', home: 'test', openTo: ['scripts'], manifests: ['.'] }
  if (group === 'bench') return { kind: 'composition', home: 'bench', openTo: [], manifests: ['bench', '.'] }
  if (group === 'scripts') return { kind: 'composition', home: 'scripts', openTo: [], manifests: ['.'] }
  return undefined
}
