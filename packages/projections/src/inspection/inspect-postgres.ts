import type { Finding } from '@hindcast/core'
import type { Database } from '../driver/database.js'
import { codedFailure } from '../driver/coded-failure.js'
import { PostgresDatabase } from '../driver/postgres-database.js'
import { postgresAddress, type PostgresOptions } from '../postgres-options.js'
import { judgeServer } from './judge-server.js'
import { serverFacts } from './server-facts.js'

/** How long connecting may take. */
const CONNECT_MS = 5_000

/**
 * Looks at everything that the promises of read models in PostgreSQL depend on: how durable the server is, what this user may
 * do, how many connections there are, the clock, and whether a pooler is in between. Changes nothing, never throws.
 *
 * @param options - those of {@link postgres}
 */
export async function inspectPostgres(options: string | PostgresOptions): Promise<readonly Finding[]> {
  const address = postgresAddress(options)
  const connectTimeoutMs = Math.min(CONNECT_MS, address.connectTimeoutMs)
  await using database = new PostgresDatabase({ ...address, connectTimeoutMs, connections: 2 })
  try {
    const facts = await database.session(serverFacts)
    return [
      { subject: database.name, value: `PostgreSQL ${facts.version} answers`, verdict: 'right' },
      ...judgeServer(database.name, facts, address.connections),
      judgePooling(database.name, await backendsOfOneConnection(database)),
    ]
  } catch (error) {
    const failure = codedFailure(database.name, error)
    return [
      {
        subject: database.name,
        value: 'cannot be asked',
        verdict: 'wrong',
        fix: failure instanceof Error ? failure.message : String(failure),
      },
    ]
  }
}

/** Whether a connection of ours is one session of the server. @param backends - what it said to be at two moments */
export function judgePooling(database: string, [first, second]: readonly [string, string]): Finding {
  const subject = `${database}: pooler`
  if (first === second) return { subject, value: 'none that shares sessions', verdict: 'right' }
  return {
    ...{ subject, value: 'one in transaction mode is in between', verdict: 'wrong' },
    fix: 'connect to the server directly, or through a pool in session mode: locks, LISTEN and kept statements need a session',
  }
}

/** Which backend one connection talks to, before and while another one has a transaction open. */
async function backendsOfOneConnection(database: Database): Promise<readonly [string, string]> {
  const backend = 'select pg_backend_pid()'
  return database.session(async one => {
    const first = (await one.query(backend)).rows[0]![0]!
    const second = await database.session(async other => {
      await other.script('begin')
      await other.query(backend)
      try {
        return (await one.query(backend)).rows[0]![0]!
      } finally {
        await other.script('rollback')
      }
    })
    return [first, second]
  })
}
