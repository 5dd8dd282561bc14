import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { files, root } from '../../scripts/workspace/files.mjs'
import { defectsOf, layAndCompile, PAGES, programsOf, TIMEOUT_MS } from './pages.js'
import type { Workbench } from './workbench.js'

const programs = programsOf(root, files(PAGES), 'without')
const snippets = [...programs.values()].flatMap(program => program.snippets)
const tests = [...programs.values()].flatMap(program => program.tests)

describe('the TypeScript of README and docs', () => {
  let bench: Workbench
  let complaints: ReadonlyMap<string, readonly string[]>
  beforeAll(async () => {
    ;({ bench, complaints } = await layAndCompile(root, programs))
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

  it.each([...programs])(
    'of %s compiles, runs, and prints what the page shows',
    { timeout: TIMEOUT_MS },
    async (page, program) => {
      expect(await defectsOf({ bench, page, program, complaints })).toEqual([])
    },
  )

  it('has tests that pass', { timeout: TIMEOUT_MS }, async () => {
    const { passed, failure } = await bench.runTests()
    expect(failure).toBeUndefined()
    expect(passed).toBeGreaterThanOrEqual(tests.length)
    expect(tests.length).toBeGreaterThan(0)
  })
})
