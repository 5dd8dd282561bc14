import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { passingFailure } from '../../../src/driver/coded-failure.js'
import { PgliteDatabase } from '../../../src/driver/pglite-database.js'
import { PgliteSocket } from '../../../src/driver/pglite-socket.js'
import { openPglite } from '../../../src/folder/open-pglite.js'
import { pgliteFolder } from '../setup/databases.js'

describe('PGlite whose thread ends by itself', () => {
  let folder: string
  let socket: PgliteSocket
  let database: PgliteDatabase
  let closed: number

  beforeEach(async () => {
    folder = pgliteFolder()
    closed = 0
    const start = async (): Promise<PgliteSocket> =>
      (socket = await PgliteSocket.open(join(folder, 'pglite')))
    database = await PgliteDatabase.open(start, 'a PGlite', async () => void closed++)
    await run('create table kept (n int)')
    await run('insert into kept values (1)')
  })
  afterEach(async () => {
    await database[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  })

  const run = async (text: string): Promise<unknown> =>
    (await database.session(session => session.query(text))).rows
  /** What kills a thread from outside, as when it has no memory left. */
  const end = (): Promise<void> => socket.stop()

  it.each([
    ['between two statements', undefined],
    ['while a statement runs', 'select count(*) from generate_series(1, 1000000000)'],
  ])(
    'inside a transaction, %s: it is rolled back, said to pass, and the next one starts anew',
    async (_, long) => {
      const lost: unknown = await database
        .session(async session => {
          await session.script('begin')
          await session.query('insert into kept values (2)')
          const running = long === undefined ? undefined : session.query(long)
          await Promise.all([running, end()])
          await session.script('commit')
        })
        .catch((error: unknown) => error)
      expect(passingFailure('a PGlite', lost)).toMatchObject({
        code: 'HC_READ_MODEL_UNREACHABLE',
        retryable: true,
      })
      expect(await run('select n from kept')).toEqual([['1']])
      await run('insert into kept values (3)')
      expect(await run('select n from kept order by n')).toEqual([['1'], ['3']])
    },
  )

  it.each([
    ['before it is closed', async () => [await end(), await database[Symbol.asyncDispose]()]],
    ['while it is being closed', () => Promise.all([database[Symbol.asyncDispose](), end()])],
  ])('%s: the folder is given back, with everything that was committed', async (_, close) => {
    await close()
    expect(closed).toBe(1)
    await using again = await openPglite(folder)
    expect((await again.session(session => session.query('select n from kept'))).rows).toEqual([['1']])
  })
})
