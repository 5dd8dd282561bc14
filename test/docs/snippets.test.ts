import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { files, root } from '../../scripts/workspace/files.mjs'
import { outputDifference } from './expected-output.js'
import { blocksOf } from './markdown.js'
import { programOf, type Program } from './program.js'
import { Workbench } from './workbench.js'

const TIMEOUT_MS = 240_000

const programs = new Map<string, Program>()
for (const page of files(/(?<!\.api)\.md$/)) {
  const program = programOf(blocksOf(readFileSync(join(root, page), 'utf8')))
  if (program.snippets.length > 0) programs.set(page, program)
}
const snippets = [...programs.values()].flatMap(program => program.snippets)
const tests = [...programs.values()].flatMap(program => program.tests)

describe('the TypeScript of README and docs', () => {
  let bench: Workbench
  let complaints: ReadonlyMap<string, readonly string[]>
  beforeAll(async () => {
    bench = await Workbench.open(root)
    for (const [page, program] of programs) await bench.lay(page, program)
    complaints = await bench.compile()
  }, TIMEOUT_MS)
  afterAll(() => bench[Symbol.asyncDispose]())

  it('is there', () => {
    expect(programs.has('README.md')).toBe(true)
    expect(programs.has('docs/tutorials/bank.md')).toBe(true)
    expect(snippets.length).toBeGreaterThanOrEqual(30)
    expect(snippets.filter(snippet => snippet.prints !== undefined).length).toBeGreaterThanOrEqual(10)
    const compiledOnly = snippets.filter(snippet => !snippet.runs)
    expect(compiledOnly.length).toBeLessThan(snippets.length / 4)
  })

  it.each([...programs.keys()])(
    'of %s compiles, runs, and prints what the page shows',
    { timeout: TIMEOUT_MS },
    async page => {
      expect(complaints.get(page) ?? [], `the compiler's complaints, by line of ${page}`).toEqual([])
      const { printed, failure } = await bench.run(page)
      expect(failure).toBeUndefined()
      for (const { line, prints } of programs.get(page)!.snippets)
        if (prints !== undefined)
          expect(outputDifference(prints, printed.get(line) ?? ''), `${page}:${line}`).toBeUndefined()
    },
  )

  it('has tests that pass', { timeout: TIMEOUT_MS }, async () => {
    const { passed, failure } = await bench.runTests()
    expect(failure).toBeUndefined()
    expect(passed).toBeGreaterThanOrEqual(tests.length)
    expect(tests.length).toBeGreaterThan(0)
  })
})
