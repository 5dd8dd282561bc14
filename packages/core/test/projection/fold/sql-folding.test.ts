import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import {
  AppendNotSentError,
  FoldTarget,
  Project,
  Projection,
  projectionInfo,
  type EventMeta,
  type Fence,
  type ReadModelStore,
  type SqlResult,
  type SqlTx,
} from '../../../src/index.js'
import { Deposited, happened, Opened, Unrelated } from '../bank.js'

const fence: Fence = {
  projection: 'sums',
  version: 1,
  log: 'bank',
  partition: 0,
  from: 0n,
  epoch: 1n,
  next: 9n,
}

/** A transaction of a database that answers each statement a little later, and fails those that say so. */
class Statements implements SqlTx {
  readonly ran: string[] = []
  readonly failure: Error
  constructor(failure: Error = new Error('no such table')) {
    this.failure = failure
  }
  async query<T extends object>(text: string): Promise<SqlResult<T>> {
    await sleep(1)
    if (text.startsWith('bad')) throw this.failure
    this.ran.push(text)
    return { rows: [], rowCount: 0 }
  }
}

/** A store that does nothing but give the work a transaction. */
const around = (sql: SqlTx): Pick<ReadModelStore, 'transact' | 'load'> => ({
  load: () => Promise.reject(new Error('SQL has no rows to load')),
  async transact(_, work) {
    await work({ sql } as never)
    return 'committed'
  },
})

type Handler = (sql: SqlTx, event: Deposited, meta: EventMeta) => Promise<void>

/** What the handler below does. */
let handler: Handler
@Projection('sums', { version: 1, tables: 'create table sums ()' })
class Sums {
  @Project(Opened) async opened(event: Opened, meta: EventMeta, sql: SqlTx) {
    await sql.query(`open ${meta.key} ${event.owner}`)
  }
  @Project(Deposited) deposited(event: Deposited, meta: EventMeta, sql: SqlTx) {
    return handler(sql, event, meta)
  }
}

@Projection('sums', { version: 1, tables: 'create table sums ()', handlerTimeoutMs: 40 })
class HurriedSums extends Sums {
  @Project(Deposited) override deposited(event: Deposited, meta: EventMeta, sql: SqlTx) {
    return handler(sql, event, meta)
  }
}

const apply = (sql: SqlTx, projection = Sums) =>
  new FoldTarget(projectionInfo(projection), [], around(sql)).apply(fence, [
    [
      happened('a', Opened.of({ owner: 'Ada' }), 1n),
      happened('a', new Unrelated(), 2n),
      happened('a', Deposited.of({ cents: 5 }), 3n),
      happened('b', Opened.of({ owner: 'Bob' }), 4n),
    ],
  ])

describe('a SQL projection', () => {
  it('runs its methods one after the other, in order of the log, in the transaction', async () => {
    const sql = new Statements()
    handler = async (tx, event, meta) => {
      await tx.query(`add ${event.cents} to ${meta.key}`)
    }
    expect(await apply(sql)).toBe('committed')
    expect(sql.ran).toEqual(['open a Ada', 'add 5 to a', 'open b Bob'])
  })

  it.each<[string, Handler, RegExp]>([
    ['throws', () => Promise.reject(new RangeError('too much')), /deposited threw RangeError: too much/],
    [
      'throws before it has returned a promise',
      () => {
        throw new RangeError('at once')
      },
      /deposited threw RangeError: at once/,
    ],
    [
      'has a statement that fails',
      async tx => void (await tx.query('bad')),
      /deposited threw Error: no such table/,
    ],
    [
      'goes on after a statement failed',
      tx =>
        tx.query('bad').then(
          () => undefined,
          () => undefined,
        ),
      /deposited went on after a statement failed with Error: no such table/,
    ],
    [
      'does not wait for a statement that fails',
      async tx => void tx.query('bad').catch(() => undefined),
      /went on after a statement failed/,
    ],
  ])('names event, stream and position when a method %s', async (_, does, message) => {
    handler = does
    await expect(apply(new Statements())).rejects.toMatchObject({
      code: 'HC_SQL_HANDLER_FAILED',
      message: expect.stringMatching(message) as string,
      context: {
        projection: 'sums',
        method: 'deposited',
        stream: 'account-a',
        version: 0,
        position: 'bank/0:3',
      },
    })
  })

  it('lets a method go back to a savepoint behind which a statement failed', async () => {
    const sql = new Statements()
    handler = async tx => {
      await tx.query('savepoint s')
      await tx.query('bad').catch(() => tx.query('rollback to savepoint s'))
    }
    expect(await apply(sql)).toBe('committed')
  })

  it('waits for statements that a method did not wait for', async () => {
    const sql = new Statements()
    handler = async tx => void tx.query('forgotten')
    await apply(sql)
    expect(sql.ran).toEqual(['open a Ada', 'forgotten', 'open b Bob'])
  })

  it('gives up a method that does not end, and refuses what it still wants to do', async () => {
    const sql = new Statements()
    let late!: Promise<unknown>
    handler = tx => {
      late = sleep(60).then(() => tx.query('late'))
      late.catch(() => undefined)
      return new Promise(() => undefined)
    }
    await expect(apply(sql, HurriedSums)).rejects.toMatchObject({
      code: 'HC_SQL_HANDLER_TIMEOUT',
      message: expect.stringMatching(/deposited did not end within 40 ms/) as string,
    })
    await expect(late).rejects.toMatchObject({ code: 'HC_SQL_TRANSACTION' })
    expect(sql.ran).toEqual(['open a Ada'])
  })

  it('refuses statements that a method sends after it has ended', async () => {
    let late: Promise<unknown> = Promise.resolve()
    handler = async tx => {
      late = sleep(5).then(() => tx.query('late'))
      late.catch(() => undefined)
    }
    await apply(new Statements())
    await expect(late).rejects.toMatchObject({
      code: 'HC_SQL_TRANSACTION',
      message: expect.stringMatching(/"late".*await every query/) as string,
    })
  })

  it.each<[string, Handler]>([
    ['passes it on', async tx => void (await tx.query('bad'))],
    [
      'wraps it',
      tx =>
        tx.query('bad').then(
          () => undefined,
          () => Promise.reject(new Error('mine')),
        ),
    ],
    [
      'swallows it',
      tx =>
        tx.query('bad').then(
          () => undefined,
          () => undefined,
        ),
    ],
  ])('takes trouble of the database for what it is when a method %s', async (_, does) => {
    const outage = new AppendNotSentError('account-a', 'c', 'the database is away')
    handler = does
    await expect(apply(new Statements(outage))).rejects.toBe(outage)
  })

  it.each([0, -1, Number.NaN, 3_600_001])('cannot have the handlerTimeoutMs %d', handlerTimeoutMs => {
    @Projection('odd', { version: 1, handlerTimeoutMs })
    class Odd {
      @Project(Opened) async opened(_: Opened, __: EventMeta, sql: SqlTx) {
        await sql.query('select 1')
      }
    }
    expect(projectionInfo(Odd).problems).toEqual([expect.stringMatching(/handlerTimeoutMs is/)])
  })
})
