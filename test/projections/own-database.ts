import { randomBytes } from 'node:crypto'
import { Client } from 'pg'

/** A PostgreSQL database of a test's own, dropped at the end. */
export class OwnDatabase implements AsyncDisposable {
  readonly url: string
  readonly name: string
  readonly #server: string

  private constructor(server: string, name: string) {
    const url = new URL(server)
    url.pathname = `/${name}`
    this.url = url.href
    this.name = name
    this.#server = server
  }

  static async make(server: string): Promise<OwnDatabase> {
    const database = new OwnDatabase(server, `hindcast_crash_${randomBytes(6).toString('hex')}`)
    await database.#ask(`create database ${database.name}`)
    return database
  }

  /** Ends every session on it, and says how many those were. */
  async endSessions(): Promise<number> {
    const ended = await this.#ask(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${this.name}'`,
    )
    return ended.length
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ask(`drop database ${this.name} with (force)`)
  }

  /** Runs a statement on it. */
  askHere(statement: string): Promise<readonly Record<string, unknown>[]> {
    return this.#ask(statement, this.url)
  }

  async #ask(statement: string, at = this.#server): Promise<readonly Record<string, unknown>[]> {
    const client = new Client({ connectionString: at })
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(statement)).rows
    } finally {
      await client.end()
    }
  }
}
