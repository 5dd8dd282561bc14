import { afterAll, beforeAll, expect, it } from 'vitest'
import { files, root } from '../../scripts/workspace/files.mjs'
import { defectsOf, PAGES, programsOf, TIMEOUT_MS } from '../docs/pages.js'
import { Workbench } from '../docs/workbench.js'
import { postgresSuite } from '../projections/server.js'
import { withDatabase } from './database.js'

const programs = programsOf(root, files(PAGES), 'with a server')

postgresSuite('the TypeScript of docs that needs a PostgreSQL server', server => {
  let bench: Workbench
  let complaints: ReadonlyMap<string, readonly string[]>
  beforeAll(async () => {
    bench = await Workbench.open(root)
    for (const [page, program] of programs) await bench.lay(page, program)
    complaints = await bench.compile()
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
      await withDatabase(server, async url => {
        const env = { POSTGRES_URL: url }
        expect(await defectsOf({ bench, page, program, complaints, env })).toEqual([])
      })
    },
  )
})
