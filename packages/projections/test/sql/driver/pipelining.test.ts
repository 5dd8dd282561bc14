import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Answer, Database } from '../../../src/driver/database.js'
import { sqlSuite, type TestDatabase } from '../setup/databases.js'

sqlSuite('statements that are sent one behind the other', ({ make }) => {
  let test: TestDatabase
  let database: Database
  beforeEach(async () => {
    test = await make()
    database = await test.open()
    await run('create table kept (n int primary key)')
  })
  afterEach(() => test[Symbol.asyncDispose]())

  const run = (text: string): Promise<readonly Answer[]> => database.session(session => session.script(text))
  const kept = async (): Promise<unknown> => (await run('select n from kept order by n'))[0]!.rows
  /** A parameter that cannot be sent: `pg` throws before a byte of its statement goes out. */
  const unsendable = Object.defineProperty({}, 'toPostgres', {
    value: () => {
      throw new Error('it cannot be written')
    },
  }) as unknown as string

  it('are done in their order, and each gets its own answer', async () => {
    const answers = await database.session(session =>
      Promise.all([
        session.script('begin; insert into kept values (1)'),
        session.query('insert into kept values ($1)', ['2'], 'keep'),
        session.query('select count(*) from kept'),
        session.script('commit; select 4'),
      ]),
    )
    expect(answers.flat().map(({ command }) => command)).toEqual([
      ...['BEGIN', 'INSERT', 'INSERT', 'SELECT', 'COMMIT', 'SELECT'],
    ])
    expect((answers[2] as Answer).rows).toEqual([['2']])
  })

  it('commit nothing behind one that fails', async () => {
    const outcomes = await database.session(session =>
      Promise.allSettled([
        session.script('begin'),
        session.query('insert into kept values ($1)', ['1'], 'keep'),
        session.query('insert into kept values (1)'),
        session.query('insert into kept values ($1)', ['2'], 'keep'),
        session.script('commit'),
      ]),
    )
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...['fulfilled', 'fulfilled', 'rejected', 'rejected', 'fulfilled'],
    ])
    expect(outcomes[4]).toMatchObject({ value: [{ command: 'ROLLBACK' }] })
    expect(await kept()).toEqual([])
  })

  it('commit nothing behind one that could not be sent', async () => {
    const outcomes = await database
      .session(session =>
        Promise.allSettled([
          session.script('begin; insert into kept values (1)'),
          session.query('insert into kept values ($1)', [unsendable], 'keep'),
          session.script('commit'),
        ]),
      )
      .catch((error: unknown) => error)
    expect(outcomes).toBeInstanceOf(Error)
    expect(await kept()).toEqual([])
  })
})
