import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { consoleDefects } from './console.js'
import type { Program } from './program.js'
import { MARK } from './program.js'
import { runNode, type Ended } from './process.js'

const TIMEOUT_MS = 240_000

/** The files of examples/bank that a page may import as `./account.js` and so on, unless it makes one of them itself. */
const BANK = ['account.ts', 'balances.ts', 'rates.ts']

/** A page laid out in a folder of its own. */
interface Laid {
  readonly folder: string
  readonly program: Program
}

/** What running a page came to. */
export interface PageRun {
  /** What each block printed, by the line of its fence. */
  readonly printed: ReadonlyMap<number, string>
  /** Why it failed; undefined when it did not. */
  readonly failure: string | undefined
}

/** What running the test files of all pages came to. */
export interface TestRun {
  readonly passed: number
  readonly failure: string | undefined
}

/** A folder inside the checkout, so that the workspace's packages are found, in which the pages are compiled and run. */
export class Workbench implements AsyncDisposable {
  readonly #root: string
  readonly #folder: string
  readonly #pages = new Map<string, Laid>()

  private constructor(root: string, folder: string) {
    this.#root = root
    this.#folder = folder
  }

  /** @param root - the top of the checkout */
  static async open(root: string): Promise<Workbench> {
    await mkdir(join(root, '.cache'), { recursive: true })
    return new Workbench(root, await mkdtemp(join(root, '.cache', 'docs-')))
  }

  /** Writes the files of a page. */
  async lay(page: string, program: Program): Promise<void> {
    const folder = join(this.#folder, page.replaceAll(/[^\w.-]/g, '_').replace(/\.md$/, ''))
    await mkdir(folder, { recursive: true })
    if (!BANK.some(file => program.files.has(file)))
      for (const file of BANK) await cp(join(this.#root, 'examples/bank/src', file), join(folder, file))
    for (const [file, source] of program.files) {
      await mkdir(dirname(join(folder, file)), { recursive: true })
      await writeFile(join(folder, file), source)
    }
    const imports = program.entries.map(file => `await import(${JSON.stringify(`./${compiled(file)}`)})`)
    await writeFile(join(folder, 'run.mjs'), `${imports.join('\n')}\n`)
    this.#pages.set(page, { folder, program })
  }

  /** Compiles all pages, as a user's own compiler would. Returns what the compiler complained of, by page. */
  async compile(): Promise<ReadonlyMap<string, readonly string[]>> {
    await writeFile(join(this.#folder, 'tsconfig.json'), JSON.stringify(TSCONFIG))
    const { code, stdout, stderr } = await runNode(
      [bin('typescript', 'tsc'), '-p', '.', '--pretty', 'false'],
      this.#folder,
      TIMEOUT_MS,
    )
    const complaints = new Map<string, string[]>()
    const lines = stdout.split('\n').filter(line => line.trim() !== '')
    for (const [page, { folder }] of this.#pages) {
      const prefix = `${folder.slice(this.#folder.length + 1)}/`
      const own = lines.filter(line => line.startsWith(prefix)).map(line => line.slice(prefix.length))
      if (own.length > 0) complaints.set(page, own)
    }
    if (code !== 0 && complaints.size === 0) throw new Error(`tsc failed: ${stdout}${stderr}`)
    return complaints
  }

  /**
   * Runs the program of a compiled page.
   *
   * @param env - added to its environment
   */
  async run(page: string, env: Readonly<Record<string, string>> = {}): Promise<PageRun> {
    const { folder, program } = this.#pages.get(page)!
    if (program.entries.length === 0) return { printed: new Map(), failure: undefined }
    const ended = await runNode(['--enable-source-maps', 'run.mjs'], folder, TIMEOUT_MS, env)
    return { printed: printedBy(ended.stdout), failure: failureOf(ended, program) }
  }

  /** Runs the commands of a page where its program ran, and says what is not as the page has it. */
  async runConsole(page: string, env: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
    const { folder, program } = this.#pages.get(page)!
    return consoleDefects(this.#root, folder, program.console, env)
  }

  /** Runs the test files of all compiled pages. */
  async runTests(): Promise<TestRun> {
    const tests = [...this.#pages.values()].flatMap(({ folder, program }) =>
      program.tests.map(file => compiled(join(relative(this.#folder, folder), file))),
    )
    await writeFile(
      join(this.#folder, 'vitest.config.mjs'),
      `export default { test: { include: ${JSON.stringify(tests)} } }\n`,
    )
    const { code, stdout, stderr } = await runNode(
      [bin('vitest', 'vitest'), 'run', '--root', '.', '--config', 'vitest.config.mjs', '--reporter', 'json'],
      this.#folder,
      TIMEOUT_MS,
    )
    const report = JSON.parse(stdout.slice(stdout.indexOf('{'))) as Report
    const failed = report.testResults.flatMap(({ name, message, assertionResults }) => [
      ...(message === undefined || message === '' ? [] : [`${name}: ${message}`]),
      ...assertionResults
        .filter(({ status }) => status !== 'passed')
        .map(({ fullName, failureMessages }) => `${name}: ${fullName}: ${failureMessages.join('\n')}`),
    ])
    return {
      passed: report.numPassedTests,
      failure: code === 0 && failed.length === 0 ? undefined : `${failed.join('\n')}${stderr}`,
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** What vitest's JSON reporter prints, as far as it is read here. */
interface Report {
  readonly numPassedTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly message?: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

const TSCONFIG = {
  extends: '../../tsconfig.base.json',
  compilerOptions: {
    composite: false,
    incremental: false,
    declaration: false,
    declarationMap: false,
    inlineSourceMap: true,
    sourceMap: false,
    rootDir: '.',
  },
  include: ['**/*.ts'],
}

/** Why a run was not as the page has it; undefined when it was. */
function failureOf({ code, signal, stderr }: Ended, { endsBySigterm }: Program): string | undefined {
  if (endsBySigterm)
    return signal === 'SIGTERM' ? undefined : `it ended by ${signal ?? code}, not SIGTERM\n${stderr}`
  if (code === 0) return undefined
  if (signal === 'SIGKILL') return `it did not end within ${TIMEOUT_MS} ms\n${stderr}`
  return signal === null ? stderr : `it was ended by ${signal}\n${stderr}`
}

function printedBy(stdout: string): ReadonlyMap<number, string> {
  const [, ...parts] = stdout.split(MARK)
  return new Map(
    parts.map(part => {
      const end = part.indexOf('\n')
      return [Number(part.slice(0, end)), part.slice(end + 1)]
    }),
  )
}

/** The file that the compiler makes of a source. */
function compiled(file: string): string {
  return file.replace(/ts$/, 'js')
}

/** The script of a package's command. */
function bin(name: string, command: string): string {
  const require = createRequire(import.meta.url)
  const manifest = require.resolve(`${name}/package.json`)
  const { bin: bins } = require(manifest) as { readonly bin: Readonly<Record<string, string>> }
  return join(dirname(manifest), bins[command]!)
}
