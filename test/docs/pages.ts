import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { outputDifference } from './expected-output.js'
import { blocksOf } from './markdown.js'
import { programOf, type Program } from './program.js'
import { Workbench } from './workbench.js'

/** How long compiling all pages, or running one, may take. */
export const TIMEOUT_MS = 480_000

/** What a page says that asks for a PostgreSQL server. */
const ASKS_FOR_A_SERVER = "process.env['POSTGRES_URL']"

/** Which files are pages with programs, if they have TypeScript. */
export const PAGES = /(?<!\.api)\.md$/

/** The programs of pages by path: of those that need a PostgreSQL server, or of those that do not. */
export function programsOf(
  root: string,
  pages: readonly string[],
  kind: 'with a server' | 'without',
): ReadonlyMap<string, Program> {
  const programs = new Map<string, Program>()
  for (const page of pages) {
    const program = programOf(blocksOf(readFileSync(join(root, page), 'utf8')))
    const asks = [...program.files.values()].some(source => source.includes(ASKS_FOR_A_SERVER))
    if (program.snippets.length > 0 && asks === (kind === 'with a server')) programs.set(page, program)
  }
  return programs
}

/** Lays and compiles programs; gives the complaints of the compiler, by page. */
export async function layAndCompile(
  root: string,
  programs: ReadonlyMap<string, Program>,
): Promise<Pick<Compiled, 'bench' | 'complaints'>> {
  const bench = await Workbench.open(root)
  for (const [page, program] of programs) await bench.lay(page, program)
  return { bench, complaints: await bench.compile() }
}

/** A page's program that has been laid and compiled. */
interface Compiled {
  readonly bench: Workbench
  readonly page: string
  readonly program: Program
  /** Of the compiler, by page. */
  readonly complaints: ReadonlyMap<string, readonly string[]>
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a page's program, and says what is not as the page has it: it does not compile, fails, or prints something else. */
export async function defectsOf({
  bench,
  page,
  program,
  complaints,
  env,
}: Compiled): Promise<readonly string[]> {
  const uncompiled = complaints.get(page) ?? []
  if (uncompiled.length > 0)
    return uncompiled.map(complaint => `the compiler, by line of the page: ${complaint}`)
  const { printed, failure } = await bench.run(page, env)
  const differences = program.snippets.flatMap(({ line, prints }) => {
    const difference = prints === undefined ? undefined : outputDifference(prints, printed.get(line) ?? '')
    return difference === undefined ? [] : [`${page}:${line}: ${difference}`]
  })
  if (failure !== undefined) return [failure, ...differences]
  return [...differences, ...(await bench.runConsole(page, env))]
}
