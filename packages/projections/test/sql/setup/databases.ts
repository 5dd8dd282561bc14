import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe } from 'vitest'
import { OwnDatabase } from '../../../../../test/servers/own-database.js'
import { layPglite } from '../../../../../test/servers/pglite-template.js'
import { postgresSuite, postgresUrl } from '../../../../../test/servers/suites.js'
import type { Database } from '../../../src/driver/database.js'
import { PostgresDatabase } from '../../../src/driver/postgres-database.js'
import { openPglite } from '../../../src/folder/open-pglite.js'
import { postgresAddress } from '../../../src/postgres-options.js'

/** An empty database of a test's own, and connections to it. Disposed, it is emptied, and the next test of the file has it. */
export interface TestDatabase extends AsyncDisposable {
  /** Opens it once more; on PGlite it is the same one. */
  open(): Promise<Database>
  /** Drops everything that is in it. */
  empty(): Promise<void>
}

/** A PostgreSQL database of a test's own. */
export interface PostgresTestDatabase extends TestDatabase {
  readonly url: string
  /** How many sessions of ours there are. */
  sessions(): Promise<number>
  /** Ends the sessions of which the condition on pg_stat_activity holds, and says how many those were. */
  terminate(condition: string): Promise<number>
  /** The same database where nobody listens. */
  unreachable(): Database
}

export interface Kind {
  readonly kind: 'postgres' | 'pglite'
  readonly make: () => Promise<TestDatabase>
}

const OURS = "application_name = 'hindcast'"

const DROP_ALL = `do $$
declare name text;
begin
  for name in select nspname from pg_namespace where nspname not like 'pg\\_%' and nspname <> 'information_schema' loop
    execute format('drop schema %I cascade', name);
  end loop;
  create schema public authorization pg_database_owner;
  grant usage on schema public to public;
end $$`

/** Databases of this file that no test has now: to make one takes longer than most tests. */
const free: { readonly postgres: OwnDatabase[]; readonly pglite: OwnPglite[] } = { postgres: [], pglite: [] }
afterAll(async () => {
  for (const database of [...free.postgres, ...free.pglite]) await database[Symbol.asyncDispose]()
})

/** Runs a suite on PostgreSQL and on PGlite. */
export function sqlSuite(name: string, suite: (kind: Kind) => void): void {
  postgresSuite(`${name}, on PostgreSQL`, () => {
    suite({ kind: 'postgres', make: makePostgres })
  })
  describe(`${name}, on PGlite`, () => {
    suite({ kind: 'pglite', make: makePglite })
  })
}

/** An empty PostgreSQL database. */
export async function makePostgres(): Promise<PostgresTestDatabase> {
  const own = free.postgres.pop() ?? (await OwnDatabase.make(postgresUrl))
  const opened: Database[] = []
  const empty = async (): Promise<void> => void (await own.ask(DROP_ALL))
  return {
    url: own.url,
    sessions: () => own.sessions(OURS),
    terminate: condition => own.endSessions(`${OURS} and (${condition})`),
    unreachable() {
      const elsewhere = new URL(own.url)
      elsewhere.port = '1'
      return new PostgresDatabase(postgresAddress(elsewhere.href))
    },
    async open() {
      const database = new PostgresDatabase(postgresAddress(own.url))
      opened.push(database)
      return database
    },
    empty,
    async [Symbol.asyncDispose]() {
      for (const database of opened) await database[Symbol.asyncDispose]()
      await own.endSessions()
      await until(async () => (await own.sessions()) === 0)
      await empty()
      free.postgres.push(own)
    },
  }
}

async function makePglite(): Promise<TestDatabase> {
  const own = free.pglite.pop() ?? (await OwnPglite.make())
  return {
    open: async () => keptOpen(own.database),
    empty: () => own.empty(),
    async [Symbol.asyncDispose]() {
      await own.empty()
      free.pglite.push(own)
    },
  }
}

/** A PGlite in a folder of its own. */
class OwnPglite implements AsyncDisposable {
  private constructor(
    private readonly folder: string,
    readonly database: Database,
  ) {}

  static async make(): Promise<OwnPglite> {
    const folder = pgliteFolder()
    return new OwnPglite(folder, await openPglite(folder))
  }

  async empty(): Promise<void> {
    await this.database.session(session => session.script(DROP_ALL))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.database[Symbol.asyncDispose]()
    rmSync(this.folder, { recursive: true })
  }
}

/** The same for users who close it: it stays open. */
export function keptOpen<T extends AsyncDisposable>(kept: T): T {
  return new Proxy(kept, {
    get(target, name) {
      if (name === Symbol.asyncDispose) return async () => undefined
      const member = target[name as keyof T]
      return typeof member === 'function' ? (member.bind(target) as unknown) : member
    },
  })
}

/** A folder with an empty PGlite. */
export function pgliteFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-views-'))
  layPglite(folder)
  return folder
}

/** Waits until something is so. */
export async function until(holds: () => boolean | Promise<boolean>, timeoutMs = 120_000): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!(await holds())) {
    if (performance.now() > deadline)
      throw new Error(`it did not come to be within ${timeoutMs} ms: ${String(holds)}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
