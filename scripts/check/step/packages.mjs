import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { command, tool } from '../../workspace/command.mjs'
import { files } from '../../workspace/files.mjs'
import { packagesIn } from '../../workspace/packages.mjs'

/**
 * Packs every package and asks publint and attw about the very archive that would be published.
 *
 * @returns {Promise<import('../result.mjs').StepResult>}
 */
export async function run() {
  const packages = packagesIn('packages').filter(({ manifest }) => !manifest.private)
  const destination = mkdtempSync(join(tmpdir(), 'hindcast-pack-'))
  try {
    const results = await Promise.all(packages.map(pkg => inspect(pkg, destination)))
    return {
      saw: {
        packages: packages.length,
        'packed files': results.reduce((sum, { packed }) => sum + packed, 0),
      },
      problems: results.flatMap(({ problems }) => problems),
    }
  } finally {
    rmSync(destination, { recursive: true, force: true })
  }
}

/**
 * @param {import('../../workspace/packages.mjs').Package} pkg
 * @param {string} destination
 */
async function inspect({ folder, manifest }, destination) {
  const archive = await pack(folder, destination)
  const [published, typed] = await Promise.all([publishable(archive.path), typesResolve(archive.path)])
  const problems = [...contents(folder, archive.files), ...published, ...typed]
  return { packed: archive.files.length, problems: problems.map(problem => `${manifest.name}: ${problem}`) }
}

/**
 * @param {string} folder
 * @param {string} destination
 * @returns {Promise<{ path: string, files: string[] }>}
 */
async function pack(folder, destination) {
  const args = ['pack', `./${folder}`, '--json', '--ignore-scripts', '--pack-destination', destination]
  const { stdout, stderr } = await command('npm', args)
  const report = JSON.parse(stdout || 'null')
  const [packed] = Array.isArray(report) ? report : Object.values(report ?? {})
  if (!packed) throw new Error(`npm pack ${folder} made nothing: ${stderr}`)
  /** @type {Array<{ path: string }>} */
  const packedFiles = packed.files
  return { path: join(destination, packed.filename), files: packedFiles.map(({ path }) => path) }
}

/**
 * The archive holds the built sources, the sources that source maps point to, README and licence, and nothing else.
 *
 * @param {string} folder
 * @param {string[]} packed
 */
function contents(folder, packed) {
  const sources = files(new RegExp(`^${folder}/src/`)).map(path => path.slice(folder.length + 1))
  const wanted = [
    'README.md',
    'LICENSE',
    'package.json',
    ...sources,
    ...sources.flatMap(path => {
      const base = path.replace(/^src/, 'dist').replace(/\.ts$/, '')
      return ['.js', '.js.map', '.d.ts', '.d.ts.map'].map(ending => base + ending)
    }),
  ]
  return [
    ...wanted.filter(path => !packed.includes(path)).map(path => `${path} is not in the archive`),
    ...packed.filter(path => !wanted.includes(path)).map(path => `${path} should not be in the archive`),
  ]
}

/** @param {string} archive */
async function publishable(archive) {
  const tarball = Uint8Array.from(readFileSync(archive)).buffer
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true })
  return messages.map(message => `publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`)
}

/** @param {string} archive */
async function typesResolve(archive) {
  const args = [
    archive,
    '--profile',
    'esm-only',
    '--no-definitely-typed',
    '--format',
    'ascii',
    '--no-color',
    '--no-emoji',
  ]
  const { code, stdout, stderr } = await tool('attw', args)
  return code === 0 ? [] : [`attw: ${stdout}${stderr}`]
}
