import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The top folder of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * The files git knows or would add, relative to the top: what a clone would hold, without build output.
 *
 * @param {RegExp} [wanted] only paths that match
 */
export function files(wanted = /./) {
  return execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
    .split('\0')
    .filter(path => path !== '' && wanted.test(path) && existsSync(join(root, path)))
    .toSorted()
}
