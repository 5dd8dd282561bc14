import { afterAll, beforeAll, expect, it } from 'vitest'
import { files, root } from '../../scripts/workspace/files.mjs'
import { defectsOf, layAndCompile, PAGES, programsOf, TIMEOUT_MS } from '../docs/pages.js'
import type { Workbench } from '../docs/workbench.js'
import { OwnDatabase } from '../servers/own-database.js'
import { postgresSuite } from '../servers/suites.js'

const programs = programsOf(root, files(PAGES), 'with a server')

postgresSuite('the TypeScript of docs that needs a PostgreSQL server', server => {
  let bench: Workbench
  let complaints: ReadonlyMap<string, readonly string[]>
  beforeAll(async () => {
    ;({ bench, complaints } = await layAndCompile(root, programs))
  }, TIMEOUT_MS)
  afterAll(() => bench[Symbol.asyncDispose]())

  it('is there', () => {
    expect(programs.size).toBeGreaterThanOrEqual(4)
    expect([...programs.values()].flatMap(program => program.tests)).toEqual([])
  })

  it.each([...programs])(
    'of %s compiles, runs, and prints what the page shows',
    { timeout: TIMEOUT_MS },
    async (page, program) => {
      await using database = await OwnDatabase.make(server)
      const env = { POSTGRES_URL: database.url }
      expect(await defectsOf({ bench, page, program, complaints, env })).toEqual([])
    },
  )
})
