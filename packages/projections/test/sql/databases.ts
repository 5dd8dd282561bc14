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

export interface Kind {
  readonly kind: 'postgres' | 'pglite'
  readonly make: () => Promise<TestDatabase>
}

const server = inject('postgresUrl')

/** A suite that needs a PostgreSQL server. Without one it is left out, which the last line of the run says. */
const postgresSuite = server === undefined ? describe.skip : describe

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
async function makePostgres(): Promise<TestDatabase & { readonly url: string }> {
  const name = `hindcast_test_${randomBytes(6).toString('hex')}`
  await admin(`create database ${name}`)
  const url = new URL(server!)
  url.pathname = `/${name}`
  const opened: Database[] = []
  return {
    url: url.href,
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
function pgliteFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-views-'))
  cpSync(inject('pgliteTemplate'), join(folder, 'pglite'), { recursive: true })
  writeFileSync(join(folder, 'hindcast-read-models.json'), '{"format":1,"made":true}')
  return folder
}

/** Runs a statement on the server's own database. */
async function admin(statement: string): Promise<void> {
  const client = new Client({ connectionString: server! })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
