import { platformOf } from './platforms.mjs'

/**
 * @typedef {{
 *   version?: string, resolved?: string, integrity?: string, link?: boolean, dev?: boolean, optional?: boolean,
 *   license?: string, os?: string[], cpu?: string[], libc?: string[], optionalDependencies?: Record<string, string>,
 * }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lock
 */

/**
 * Lists the packages for other platforms that the lock's own packages want and that it does not hold.
 * `npm ci` refuses such a lock ("Missing: … from lock file"), even on a platform that needs none of them.
 *
 * @param {Lock} lock
 */
export function missingPlatforms(lock) {
  return Object.entries(lock.packages).flatMap(([parent, { dev, license, optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !isLocked(lock, parent, name))
      .map(([name, range]) => ({ parent, name, range, dev, license })),
  )
}

/**
 * A lock that `npm ci` accepts on every platform and that holds no download address.
 * A package that cannot be asked gets no `integrity`: npm then fills it in where it is first installed.
 *
 * @param {Lock} lock
 * @returns {{ lock: Lock, added: string[], addressesRemoved: number }}
 */
export function completeLock(lock) {
  const packages = structuredClone(lock.packages)
  const added = []
  for (const { parent, name, range, dev, license } of missingPlatforms(lock)) {
    const platform = platformOf(name)
    if (!platform)
      throw new Error(`${parent} wants the optional ${name}, which is not locked and names no platform`)
    const top = `node_modules/${name}`
    const path = packages[top] ? `${parent}/${top}` : top
    packages[path] = {
      version: range.replace(/^[\^~]/, ''),
      ...platform,
      ...(dev && { dev }),
      ...(license && { license }),
      optional: true,
    }
    added.push(name)
  }
  let addressesRemoved = 0
  for (const meta of Object.values(packages)) {
    if (!isAddress(meta)) continue
    delete meta.resolved
    addressesRemoved++
  }
  const sorted = Object.entries(packages).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return { lock: { ...lock, packages: Object.fromEntries(sorted) }, added, addressesRemoved }
}

/** @param {LockedPackage} meta */
export function isAddress(meta) {
  return !meta.link && meta.resolved !== undefined
}

/**
 * @param {Lock} lock
 * @param {string} parent
 * @param {string} name
 */
function isLocked(lock, parent, name) {
  return `${parent}/node_modules/${name}` in lock.packages || `node_modules/${name}` in lock.packages
}
