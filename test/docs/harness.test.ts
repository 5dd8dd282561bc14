import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../../scripts/workspace/files.mjs'
import { outputDifference } from './expected-output.js'
import { anchorsOf, blocksOf, linksOf, tableRowsOf } from './markdown.js'
import { defectsOf } from './pages.js'
import { programOf } from './program.js'
import { Workbench } from './workbench.js'

const FENCE = '```'
const ts = (code: string, flags = ''): string => `${FENCE}ts${flags}\n${code}\n${FENCE}\n`
const programFor = (page: string) => programOf(blocksOf(page))

const PAGES: Readonly<Record<string, string>> = {
  sound: `# Sound\n\n${ts('const one: number = 1')}\nand\n\n${ts('console.log(one + 1)')}\n${FENCE}text\n2\n${FENCE}\n`,
  mistyped: `# Mistyped\n\n${ts("export const one: number = 'one'")}`,
  misprinting: `${ts('console.log(1)')}\n${FENCE}text\n2\n${FENCE}\n`,
  silent: `${ts('export {}')}\n${FENCE}text\n2\n${FENCE}\n`,
  asking: ts("console.log(process.env['POSTGRES_URL'])"),
  throwing: `# Throwing\n\ntext\n\n${ts("throw new Error('planted')")}`,
  unpublished: `# Reaches inside\n\n${ts("import { Bell } from '@hindcast/core/dist/memory/bell.js'\nconsole.log(Bell)")}`,
  failing: ts("// a.test.ts\nimport { it } from 'vitest'\nit('fails', () => { throw new Error('planted') })"),
  bank: ts("import { Account } from './account.js'\nconsole.log(Account.name)"),
  compiled: ts("throw new Error('must not run')", ' no-run'),
  ended: ts(
    "console.log('one')\nsetInterval(() => undefined, 1000)\nprocess.kill(process.pid, 'SIGTERM')",
    ' ends-by-SIGTERM',
  ),
  commanding: `${ts('console.log(1)')}\n${FENCE}console\n$ npx hindcast --version\n0.…\n$ npx hindcast tial\n…\n(Did you mean tail?)\n…\n${FENCE}\n`,
  miscommanding: `${ts('console.log(1)')}\n${FENCE}console\n$ npx hindcast --version\n9.9.9\n${FENCE}\n`,
  unended: ts("console.log('one')", ' ends-by-SIGTERM'),
}

describe('running the TypeScript of pages', () => {
  let bench: Workbench
  let complaints: ReadonlyMap<string, readonly string[]>
  beforeAll(async () => {
    bench = await Workbench.open(root)
    for (const [name, page] of Object.entries(PAGES)) await bench.lay(`${name}.md`, programFor(page))
    complaints = await bench.compile()
  }, 240_000)
  afterAll(() => bench[Symbol.asyncDispose]())

  it('runs the commands of console blocks, and finds what they do not print', async () => {
    const defects = (page: string) =>
      defectsOf({ bench, page: `${page}.md`, program: programFor(PAGES[page]!), complaints })
    expect(await defects('commanding')).toEqual([])
    expect(await defects('miscommanding')).toEqual([
      expect.stringMatching(/^line 5, hindcast --version: .*\n9\.9\.9\n/) as string,
    ])
    expect(() => programFor(`${FENCE}console\n$ rm -r data\n${FENCE}\n`)).toThrow('does not begin with')
  })

  it('gives what each block printed', async () => {
    const { printed, failure } = await bench.run('sound.md')
    expect(failure).toBeUndefined()
    expect([...printed]).toEqual([
      [3, ''],
      [9, '2\n'],
    ])
  })

  it('names the page and its line for a type error, and complains of no other page', () => {
    expect([...complaints.keys()].toSorted()).toEqual(['mistyped.md', 'unpublished.md'])
    expect(complaints.get('mistyped.md')).toEqual([expect.stringContaining('main.ts(4,14): error TS2322')])
  })

  it('names the line of the page where its code throws', async () => {
    const { failure } = await bench.run('throwing.md')
    expect(failure).toContain('planted')
    expect(failure).toContain('main.ts:6')
  })

  it('finds the files of the bank, and runs nothing that is only to be compiled', async () => {
    expect((await bench.run('bank.md')).printed.get(1)).toBe('Account\n')
    expect((await bench.run('compiled.md')).failure).toBeUndefined()
  })

  it('gives what was printed by a page that ends by SIGTERM, and complains of one that ends otherwise', async () => {
    expect(await bench.run('ended.md')).toEqual({ printed: new Map([[1, 'one\n']]), failure: undefined })
    expect((await bench.run('unended.md')).failure).toContain('it ended by 0, not SIGTERM')
  })

  it('finds every defect of a page: what does not compile, fails, or prints something else', async () => {
    const defects = (name: string) => {
      const page = `${name}.md`
      return defectsOf({ bench, page, program: programFor(PAGES[name]!), complaints })
    }
    expect(await defects('sound')).toEqual([])
    expect(await defects('mistyped')).toEqual([expect.stringContaining('error TS2322')])
    expect(await defects('throwing')).toEqual([expect.stringContaining('planted')])
    expect(await defects('misprinting')).toEqual([
      expect.stringContaining('misprinting.md:1: the page shows'),
    ])
    expect(await defects('silent')).toEqual([expect.stringContaining('silent.md:1: the page shows')])
  })

  it('gives a page the environment of its run', async () => {
    const { printed } = await bench.run('asking.md', { POSTGRES_URL: 'postgres://here' })
    expect(printed.get(1)).toBe('postgres://here\n')
  })

  it('fails when a test of a page fails', { timeout: 240_000 }, async () => {
    expect(await bench.runTests()).toMatchObject({
      passed: 0,
      failure: expect.stringContaining('planted') as string,
    })
  })
})

describe('laying out a page', () => {
  it('puts blocks into the files that they name, each line where the page has it', () => {
    const { files, entries, tests } = programFor(
      `${ts('// a.ts\nexport const a = 1')}${ts('// a.test.ts\nexport {}')}${ts('// a.ts, continued\nexport const b = a')}`,
    )
    expect(entries).toEqual(['a.ts'])
    expect(tests).toEqual(['a.test.ts'])
    const lines = files.get('a.ts')!.split('\n')
    expect([lines[2], lines[10]]).toEqual(['export const a = 1', 'export const b = a'])
  })

  it.each([
    ['an unknown word behind the fence', ts('1', ' skip'), /"skip" behind the fence/],
    ['a file begun twice', ts('// a.ts') + ts('// a.ts'), /a\.ts was begun before/],
    ['a file continued before it is begun', ts('// a.ts, continued'), /no block before begins it/],
    ['a fence that is never closed', `${FENCE}ts\n1\n`, /never closed/],
  ])('refuses %s', (_, page, message) => {
    expect(() => programFor(page)).toThrow(message)
  })

  it('compares output only where it stands directly behind its block', () => {
    const shown = `${FENCE}text\nout\n${FENCE}\n`
    const prints = (page: string) => programFor(page).snippets.map(snippet => snippet.prints)
    expect(prints(`${ts('1')}\n${shown}`)).toEqual(['out'])
    expect(prints(`${ts('1')}\nsome words\n\n${shown}`)).toEqual([undefined])
  })
})

describe('comparing output', () => {
  it('is exact but for trailing space, and for … within a line or in place of lines', () => {
    expect(outputDifference('a\nb', 'a  \nb\n\n')).toBeUndefined()
    expect(outputDifference('a … c\n…\nd', 'a b c\n1\n2\nd\n')).toBeUndefined()
    expect(outputDifference('a\n…\nd', 'a\nd\n')).toBeUndefined()
    for (const printed of ['', 'a', 'a\nb\nc', 'x\na\nb', 'A\nb'])
      expect(outputDifference('a\nb', printed)).toContain('it prints')
    expect(outputDifference('a.b', 'axb')).toContain('it prints')
    expect(outputDifference('a … c', 'a b\nc')).toContain('it prints')
  })
})

describe('reading a page', () => {
  it('finds links outside of code, with their lines', () => {
    expect(linksOf('[a](b.md)\n`[no](c.md)`\n```\n[no](d.md)\n```\n[e f](g.md#h)')).toEqual([
      { text: 'a', target: 'b.md', line: 1 },
      { text: 'e f', target: 'g.md#h', line: 6 },
    ])
  })

  it('makes the anchors of headings as GitHub does', () => {
    const page =
      '# A `code` & more\n\n## Twice\n\n```\n# no heading\n```\n\n## Twice\n\n## [A link](b.md), 1.2\n'
    expect([...anchorsOf(page)]).toEqual(['a-code--more', 'twice', 'twice-1', 'a-link-12'])
  })

  it('finds the rows of tables without their heads', () => {
    expect(tableRowsOf('| a | b |\n| - | - |\n| `c` | d \\| e |\n\ntext\n')).toEqual([['`c`', 'd | e']])
  })
})
