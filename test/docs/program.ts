import { consoleSteps } from './console.js'
import type { Block } from './markdown.js'

/** A TypeScript block of a page, and where its code goes. */
interface Snippet {
  /** The line of its fence in the page. */
  readonly line: number
  /** The file that it is part of. */
  readonly file: string
  /** False: compiled only (` ```ts no-run `). */
  readonly runs: boolean
  /** What it prints, where a ` ```text ` block follows it. */
  readonly prints?: string
}

/** What a page's TypeScript blocks come to. */
export interface Program {
  readonly snippets: readonly Snippet[]
  /** Source text by file name. Every line of a block is on the line that it has in the page, so that errors name it. */
  readonly files: ReadonlyMap<string, string>
  /** The files to run, in order. */
  readonly entries: readonly string[]
  /** The files that vitest runs. */
  readonly tests: readonly string[]
  /** The commands of its console blocks, which come after the program. */
  readonly console: ReturnType<typeof consoleSteps>
  /** True when it is to end by SIGTERM, which a block says (` ```ts ends-by-SIGTERM `). */
  readonly endsBySigterm: boolean
}

const MAIN = 'main.ts'
const NAMED = /^\/\/ ([\w./-]+\.ts)(, continued)?\s*$/
const FLAGS = new Set(['no-run', 'ends-by-SIGTERM'])

/** Stands in front of what a block prints; the block's line follows it. */
export const MARK = '\u241E'

/**
 * Lays the TypeScript blocks of a page out as a program.
 *
 * - A block that begins with `// account.ts` is that file; `// account.ts, continued` adds to it.
 * - All other blocks are one after the other the page's `main.ts`.
 * - Files called `*.test.ts` are run by vitest, all others by Node, in the order of their first blocks.
 * - `no-run` behind the fence: compiled behind the blocks before it, but not run.
 * - `ends-by-SIGTERM` behind the fence: the program sends itself this signal, and is to end by it.
 *
 * @throws Error for an unknown word behind the fence, a file begun twice, or one continued before it was begun
 */
export function programOf(blocks: readonly Block[]): Program {
  const sources = new Map<string, string[]>()
  const snippets: Snippet[] = []
  blocks.forEach((block, i) => {
    if (block.language !== 'ts') return
    for (const flag of block.flags)
      if (!FLAGS.has(flag)) throw new Error(`line ${block.line}: "${flag}" behind the fence is unknown`)
    const runs = !block.flags.includes('no-run')
    const named = NAMED.exec(block.text.split('\n', 1)[0]!)
    const file = named?.[1] ?? (runs ? MAIN : `no-run-${block.line}.ts`)
    if (named && named[2] === undefined && sources.has(file))
      throw new Error(`line ${block.line}: ${file} was begun before; write "// ${file}, continued"`)
    if (named?.[2] !== undefined && !sources.has(file))
      throw new Error(`line ${block.line}: ${file} is continued, but no block before begins it`)
    const before = sources.get(file) ?? (!named && !runs ? [...(sources.get(MAIN) ?? [])] : [])
    sources.set(file, place(before, block, runs && !isTest(file)))
    const next = blocks[i + 1]
    const prints = next?.language === 'text' && next.follows && runs ? next.text : undefined
    snippets.push({ line: block.line, file, runs, ...(prints !== undefined && { prints }) })
  })
  const run = new Set(snippets.filter(snippet => snippet.runs).map(snippet => snippet.file))
  return {
    snippets,
    files: new Map(Array.from(sources, ([file, lines]) => [file, `${lines.join('\n')}\nexport {}\n`])),
    entries: [...run].filter(file => !isTest(file)),
    tests: [...run].filter(isTest),
    console: consoleSteps(blocks),
    endsBySigterm: blocks.some(block => block.flags.includes('ends-by-SIGTERM')),
  }
}

function place(lines: readonly string[], { line, text }: Block, marked: boolean): string[] {
  const padding = Array.from({ length: line - 1 - lines.length }, () => '')
  const fence = marked ? `;console.log(${JSON.stringify(`${MARK}${line}`)});` : ''
  return [...lines, ...padding, fence, ...text.split('\n')]
}

function isTest(file: string): boolean {
  return file.endsWith('.test.ts')
}
