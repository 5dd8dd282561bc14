import { afterEach, beforeEach, expect, it } from 'vitest'
import { postgresSuite } from '../../../../../test/servers/suites.js'
import type { Database, Line } from '../../../src/driver/database.js'
import { PostgresDatabase } from '../../../src/driver/postgres-database.js'
import { postgresAddress } from '../../../src/postgres-options.js'
import { Movement } from '../../../src/store/movement.js'
import { News } from '../../../src/store/news.js'
import { makePostgres, type PostgresTestDatabase } from '../setup/databases.js'

/** Far less than what an idle connection is kept for. */
const SOON = { timeout: 15_000 }

postgresSuite('what is closed', () => {
  let database: PostgresTestDatabase
  beforeEach(async () => {
    database = await makePostgres()
  })
  afterEach(() => database[Symbol.asyncDispose]())

  it('keeps no connection, not those either that were lent when it was closed', async () => {
    const pool = new PostgresDatabase(postgresAddress({ url: database.url, connections: 2 }))
    let answer = (): void => undefined
    const asked = new Promise<void>(resolve => (answer = resolve))
    const sessions = [1, 2, 3].map(n =>
      pool.session(async session => {
        const { rows } = await session.query(`select ${n}`)
        await asked
        return rows
      }),
    )
    await expect.poll(() => database.sessions()).toBe(2)
    await pool[Symbol.asyncDispose]()
    answer()
    expect(await Promise.all(sessions)).toEqual([[['1']], [['2']], [['3']]])
    await expect.poll(() => database.sessions(), SOON).toBe(0)
  })

  it('has closed a line that could not listen', async () => {
    const real = await database.open()
    const lines: Line[] = []
    const failing: Database = {
      name: real.name,
      shared: true,
      session: work => real.session(work),
      async line() {
        const line = await real.line()
        lines.push(line)
        await line.query('set idle_in_transaction_session_timeout = 0')
        await line.query('begin')
        await line.query('no statement').catch(() => undefined)
        return line // in a transaction that has failed, LISTEN fails too
      },
      [Symbol.asyncDispose]: async () => undefined,
    }
    await using news = new News(failing, new Movement())
    for (let times = 1; times <= 3; times++) {
      await expect
        .poll(() => {
          news.listen() // nobody listens: the next reader tries again
          return lines.length
        })
        .toBeGreaterThanOrEqual(times)
    }
    for (const { lost } of lines.slice(0, 2)) await expect.poll(() => lost.aborted, SOON).toBe(true)
  })
})
