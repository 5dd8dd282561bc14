/**
 * Reads what a package for one platform says about itself from its name, as npm's lock file wants it.
 * Used for packages that the registry at hand does not carry: their manifests cannot be asked.
 */

const systems = new Set([
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
])
const processors = new Set([
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
])
/** @type {Record<string, string>} */
const libraries = { gnu: 'glibc', musl: 'musl' }

/**
 * @param {string} name such as `@oxlint/binding-linux-x64-gnu`
 * @returns {{ os?: string[], cpu: string[], libc?: string[] } | undefined} undefined when it names no platform
 */
export function platformOf(name) {
  const words = name.split(/[-/]/)
  const os = words.find(word => systems.has(word))
  const cpu = words.find(word => processors.has(word))
  if (cpu === undefined) return undefined
  const libc = os === 'linux' ? libraries[words.at(-1) ?? ''] : undefined
  return { ...(os && { os: [os] }), cpu: [cpu], ...(libc && { libc: [libc] }) }
}
