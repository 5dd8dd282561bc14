import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { passingFailure } from '../../../src/driver/coded-failure.js'
import type { Answer, Database } from '../../../src/driver/database.js'
import { openPglite } from '../../../src/folder/open-pglite.js'
import { pgliteFolder } from '../setup/databases.js'

describe('PGlite in a thread', () => {
  let folder: string
  let database: Database

  beforeEach(async () => {
    folder = pgliteFolder()
    database = await openPglite(folder)
  })
  afterEach(async () => {
    await database[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  })

  const run = (text: string): Promise<Answer> => database.session(session => session.query(text))

  it('leaves the process to other work while it is busy', async () => {
    let answered = false
    const answer = run('select count(*) from generate_series(1, 2000000)').then(({ rows }) => {
      answered = true
      return rows
    })
    let turns = 0
    while (!answered) {
      await setImmediate()
      turns++
    }
    expect(await answer).toEqual([['2000000']])
    expect(turns).toBeGreaterThan(100)
  })

  it('answers a recursion without an end with an error, and goes on', async () => {
    await run(
      'create function deeper(n int) returns int language plpgsql as $$ begin return deeper(n + 1); end $$',
    )
    await expect(run('select deeper(1)')).rejects.toMatchObject({ code: '54001' })
    expect((await run('select 1')).rows).toEqual([['1']])
  })

  it('that panics starts again, with everything that was committed', async () => {
    await run('create table kept (n int)')
    await run('insert into kept values (1)')
    const wal = join(folder, 'pglite', 'pg_wal')
    renameSync(wal, `${wal}.away`)
    writeFileSync(wal, 'not a folder')
    await run('select pg_switch_wal()')
    const panic: unknown = await run('insert into kept values (2)').catch((error: unknown) => error)
    expect(panic).toMatchObject({ severity: 'PANIC' })
    expect(passingFailure(database.name, panic)).toMatchObject({ retryable: true })
    // As long as it cannot start, that is what it says.
    await expect(run('select 1')).rejects.toMatchObject({ code: 'HC_READ_MODEL_FOLDER' })
    rmSync(wal)
    renameSync(`${wal}.away`, wal)
    expect((await run('select n from kept')).rows).toEqual([['1']])
  })
})
