import { randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { describe, inject } from 'vitest'
import type { Database } from '../../src/driver/database.js'
import { PostgresDatabase } from '../../src/driver/postgres-database.js'
import { openPglite } from '../../src/folder/open-pglite.js'
import { postgresAddress } from '../../src/postgres-options.js'

/** A database of a test's own, and connections to it. */
export interface TestDatabase extends AsyncDisposable {
  /** Opens it once more; on PGlite it is the same one. */
  open(): Promise<Database>
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

const server = inject('postgresUrl')

/** A suite that needs a PostgreSQL server. Without one it is left out, which the last line of the run says. */
export const postgresSuite = server === undefined ? describe.skip : describe

/** Runs a suite on PostgreSQL and on PGlite. */
export function sqlSuite(name: string, suite: (kind: Kind) => void): void {
  postgresSuite(`${name}, on PostgreSQL`, () => {
    suite({ kind: 'postgres', make: makePostgres })
  })
  describe(`${name}, on PGlite`, () => {
    suite({ kind: 'pglite', make: makePglite })
  })
}

/** A PostgreSQL database that is dropped at the end. */
export async function makePostgres(): Promise<PostgresTestDatabase> {
  const name = `hindcast_test_${randomBytes(6).toString('hex')}`
  await admin(`create database ${name}`)
  const url = new URL(server!)
  url.pathname = `/${name}`
  const opened: Database[] = []
  const ofOurs = `datname = '${name}' and application_name = 'hindcast'`
  return {
    url: url.href,
    async sessions() {
      const [row] = await admin(`select count(*)::int n from pg_stat_activity where ${ofOurs}`)
      return Number(row!['n'])
    },
    async terminate(condition) {
      const ended = await admin(
        `select pg_terminate_backend(pid) from pg_stat_activity where ${ofOurs} and (${condition})`,
      )
      return ended.length
    },
    unreachable() {
      const elsewhere = new URL(url)
      elsewhere.port = '1'
      return new PostgresDatabase(postgresAddress(elsewhere.href))
    },
    async open() {
      const database = new PostgresDatabase(postgresAddress(url.href))
      opened.push(database)
      return database
    },
    async [Symbol.asyncDispose]() {
      for (const database of opened) await database[Symbol.asyncDispose]()
      await admin(`drop database ${name} with (force)`)
    },
  }
}

async function makePglite(): Promise<TestDatabase> {
  const folder = pgliteFolder()
  let opened: Promise<Database> | undefined
  return {
    open: () => (opened ??= openPglite(folder)),
    async [Symbol.asyncDispose]() {
      await (await opened)?.[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    },
  }
}

/** A folder with an empty PGlite. */
export function pgliteFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-views-'))
  cpSync(inject('pgliteTemplate'), join(folder, 'pglite'), { recursive: true })
  writeFileSync(join(folder, 'hindcast-read-models.json'), '{"format":1,"made":true}')
  return folder
}

/** Runs a statement on the server's own database. */
async function admin(statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: server! })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows
  } finally {
    await client.end()
  }
}

/** Waits until something is so. */
export async function until(holds: () => boolean | Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!(await holds())) {
    if (performance.now() > deadline)
      throw new Error(`it did not come to be within ${timeoutMs} ms: ${String(holds)}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
