import { randomBytes } from 'node:crypto'
import { Client } from 'pg'

type Rows = readonly Record<string, unknown>[]

/** An empty PostgreSQL database of a test's own, dropped at the end. */
export class OwnDatabase implements AsyncDisposable {
  readonly url: string
  readonly name: string
  readonly #server: string
  readonly #roles: string[] = []

  private constructor(server: string, name: string) {
    const url = new URL(server)
    url.pathname = `/${name}`
    this.url = url.href
    this.name = name
    this.#server = server
  }

  static async make(server: string): Promise<OwnDatabase> {
    const database = new OwnDatabase(server, `hindcast_test_${randomBytes(6).toString('hex')}`)
    await ask(server, `create database ${database.name}`)
    return database
  }

  /** Runs a statement on it. */
  ask(statement: string): Promise<Rows> {
    return ask(this.url, statement)
  }

  /** Makes a role that may do nothing on it, dropped with it. Gives its name. */
  async makeRole(): Promise<string> {
    const role = `${this.name}_role_${this.#roles.length}`
    await ask(this.#server, `create role ${role} login`)
    this.#roles.push(role)
    return role
  }

  /** How many sessions on it there are of which a condition on pg_stat_activity holds. */
  async sessions(condition = 'true'): Promise<number> {
    const [row] = await ask(this.#server, `select count(*)::int n ${this.#those(condition)}`)
    return Number(row!['n'])
  }

  /** Ends the sessions on it of which a condition on pg_stat_activity holds, and says how many those were. */
  async endSessions(condition = 'true'): Promise<number> {
    return (await ask(this.#server, `select pg_terminate_backend(pid) ${this.#those(condition)}`)).length
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await ask(this.#server, `drop database ${this.name} with (force)`)
    for (const role of this.#roles) await ask(this.#server, `drop role ${role}`)
  }

  #those(condition: string): string {
    return `from pg_stat_activity where datname = '${this.name}' and (${condition})`
  }
}

/** Runs a statement in a session of its own. */
async function ask(url: string, statement: string): Promise<Rows> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows
  } finally {
    await client.end()
  }
}
