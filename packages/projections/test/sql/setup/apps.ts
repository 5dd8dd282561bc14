import {
  Aggregate,
  AggregateRoot,
  Apply,
  Column,
  Command,
  Event,
  Handle,
  Hindcast,
  Key,
  memory,
  Project,
  Projection,
  RowProjection,
  startProjections,
  memoryOwnership,
  systemClock,
  Upsert,
  uuidV7Source,
  type App,
  type Clock,
  type EventMeta,
  type EventStore,
  type Position,
  type ProjectionHealth,
  type ReadModelsFactory,
  type SqlTx,
  type StartOptions,
} from '@hindcast/core'
import { SqlOperations } from '../../../src/operations/sql-operations.js'
import { SqlReadModelStore } from '../../../src/store/sql-read-model-store.js'
import type { SqlText } from '../../../src/driver/database.js'
import { keptOpen, until, type TestDatabase } from './databases.js'

export class Counted extends Event('counter.counted') {
  what!: string
}
class Count extends Command('counter.count') {
  what!: string
}

@Aggregate('counter')
class Counter extends AggregateRoot<Counted> {
  @Handle(Count) count({ what }: Count): void {
    this.emit(Counted, { what })
  }
  @Apply(Counted) counted(): void {}
}

class TallyRow {
  @Key() @Column('text') id!: string
  @Column('integer') count!: number
}

/** How often each counter was counted. */
@Projection('tally', { version: 1, row: TallyRow })
export class Tally extends RowProjection<TallyRow> {
  @Upsert(Counted) counted(row: TallyRow | undefined, _: Counted, meta: EventMeta): TallyRow {
    return { id: meta.key, count: (row?.count ?? 0) + 1 }
  }
}

/** The next version, which counts tenfold. */
@Projection('tally', { version: 2, row: TallyRow })
export class TallyTenfold extends RowProjection<TallyRow> {
  @Upsert(Counted) counted(row: TallyRow | undefined, _: Counted, meta: EventMeta): TallyRow {
    return { id: meta.key, count: (row?.count ?? 0) + 10 }
  }
}

/** Every event once, in a table that would take it twice. */
@Projection('entries', { version: 1, tables: 'create table entries (counter text, what text)' })
export class Entries {
  @Project(Counted) async counted({ what }: Counted, meta: EventMeta, sql: SqlTx): Promise<void> {
    await sql.query('insert into entries values ($1, $2)', [meta.key, what])
  }
}

/** A log that outlives its apps, and a database that does so too. */
export class Shop {
  readonly database: TestDatabase
  readonly #log: EventStore

  private constructor(database: TestDatabase, log: EventStore) {
    this.database = database
    this.#log = log
  }

  static async open(database: TestDatabase, partitions = 1, clock: Clock = systemClock): Promise<Shop> {
    const host = { clock, ids: uuidV7Source(), run: 'all' } as const
    return new Shop(database, await memory({ partitions })(host))
  }

  /** Starts an app on them. */
  start(projections: StartOptions['projections'], options: Partial<StartOptions> = {}): Promise<App> {
    return Hindcast.start({
      store: async () => keptOpen(this.#log),
      readModels: this.readModels(),
      aggregates: [Counter],
      ...(projections && { projections }),
      log: false,
      ...options,
    })
  }

  /** The database as read models; it is not closed with them. */
  readModels(): ReadModelsFactory {
    return async host => {
      const ownership = memoryOwnership()
      const database = keptOpen(await this.database.open())
      const store = new SqlReadModelStore(database)
      const operations = new SqlOperations(host, store, database)
      return startProjections({ host, store, ownershipOf: () => ownership, operations })
    }
  }

  /** Does something to the tables by hand; gives the rows of the last statement. */
  async byHand(statements: string): Promise<readonly (readonly SqlText[])[]> {
    const database = await this.database.open()
    return (await database.session(session => session.script(statements))).at(-1)!.rows
  }

  /** What readers read of a table now. */
  read(name: string): Promise<readonly (readonly SqlText[])[]> {
    return this.byHand(`select * from read.${name} order by 1, 2`)
  }
}

/** Counts once. */
export async function count(app: App, key: string, what = ''): Promise<Position> {
  return (await app.execute(key, Count.of({ what }))).position
}

/** The health of a projection in partition 0, once it is in a state. */
export async function healthIn(
  app: App,
  projection: string,
  state: ProjectionHealth['state'],
): Promise<ProjectionHealth> {
  let found: ProjectionHealth | undefined
  await until(async () => {
    const { projections } = await app.health()
    found = projections.find(each => each.projection === projection && each.state === state)
    return found !== undefined
  })
  return found!
}
