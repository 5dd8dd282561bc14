import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import {
  Aggregate,
  AggregateRoot,
  Apply,
  Column,
  Command,
  Event,
  Handle,
  Key,
  Project,
  Projection,
  RowProjection,
  Upsert,
  type App,
  type EventMeta,
  type SqlTx,
} from '@hindcast/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Shop } from '../setup/apps.js'
import { sqlSuite, type TestDatabase } from '../setup/databases.js'

/** What of a user's code is called, in order. */
const called: string[] = []

class Paid extends Event('till.paid') {
  cents!: number
}
class Pay extends Command('till.pay') {
  cents!: number
}

@Aggregate('till')
class Till extends AggregateRoot<Paid> {
  @Handle(Pay) pay({ cents }: Pay): void {
    called.push('handle')
    this.emit(Paid, { cents })
  }
  @Apply(Paid) paid(): void {
    called.push('apply')
  }
}

class TakingsRow {
  @Key() @Column('text') id!: string
  @Column('integer') cents!: number
}

@Projection('takings', { version: 1, row: TakingsRow })
class Takings extends RowProjection<TakingsRow> {
  @Upsert(Paid) paid(row: TakingsRow | undefined, { cents }: Paid, { key }: EventMeta): TakingsRow {
    called.push('fold')
    return { id: key, cents: (row?.cents ?? 0) + cents }
  }
}

@Projection('slips', { version: 1, tables: 'create table slips (till text, cents integer)' })
class Slips {
  @Project(Paid) async paid({ cents }: Paid, { key }: EventMeta, sql: SqlTx): Promise<void> {
    called.push('fold')
    await sql.query('insert into slips values ($1, $2)', [key, cents])
  }
}

sqlSuite('a rebuild, a copy and a roll-back', ({ make }) => {
  let database: TestDatabase
  let app: App

  beforeEach(async () => {
    database = await make()
    const shop = await Shop.open(database, 3)
    app = await shop.start([Takings, Slips], { aggregates: [Till] })
  })
  afterEach(async () => {
    await app.stop()
    await database[Symbol.asyncDispose]()
  })

  const ends = (): Promise<readonly bigint[]> =>
    Promise.all([0, 1, 2].map(partition => app.store.end(partition, { fresh: true })))

  it.each([
    ['of rows', Takings],
    ['of SQL', Slips],
  ])(
    '%s fold events and do nothing else: no command is decided, no state made, nothing appended',
    async (_, type) => {
      for (const till of ['a', 'b', 'c']) {
        const { position } = await app.execute(till, Pay.of({ cents: 5 }))
        for (const each of [Takings, Slips]) await app.view(each).query('select 1', [], { atLeast: position })
      }
      const before = await ends()
      const commands: unknown[] = []
      const decided = (command: unknown): void => void commands.push(command)
      subscribe('hindcast:core:command', decided)
      expect(new Set(called)).toEqual(new Set(['handle', 'apply', 'fold']))
      called.length = 0
      await app.readModels.rebuild(type)
      await app.readModels.copy(type, { into: 'beside' })
      await app.readModels.rollback(type)
      unsubscribe('hindcast:core:command', decided)
      // Every event once in the rebuild and once in the copy; what is rolled back to has them.
      expect(called).toEqual(Array.from({ length: 6 }, () => 'fold'))
      expect(commands).toEqual([])
      expect(await ends()).toEqual(before)
    },
  )
})
