import { codedFailure } from './coded-failure.js'
import type { Database, Line, Session } from './database.js'
import { lend } from './lent-session.js'
import { nameOfAddress, type PostgresAddress } from './postgres-address.js'
import { PostgresConnection } from './postgres-connection.js'

const IDLE_MS = 30_000
/** A connection on which nothing is said for so long is asked whether there is still somebody. */
const KEEP_ALIVE_MS = 10_000

interface Idle {
  readonly connection: PostgresConnection
  readonly timer: NodeJS.Timeout
}

/** A PostgreSQL server behind a pool of connections, which are opened when they are needed and again when they are lost. */
export class PostgresDatabase implements Database {
  readonly name: string
  readonly shared = true
  readonly #address: PostgresAddress
  readonly #idle: Idle[] = []
  readonly #waiting: (() => void)[] = []
  #lent = 0
  #closed = false

  constructor(address: PostgresAddress) {
    this.#address = address
    this.name = nameOfAddress(address.url)
  }

  async session<T>(work: (session: Session) => Promise<T>): Promise<T> {
    await this.#turn()
    try {
      const connection = this.#takeIdle() ?? (await this.#open())
      return await lend(connection, work, async lent => {
        const isClean = connection.isIdle && !lent.dead && !lent.uncertain
        if (isClean && !this.#closed) this.#putIdle(connection)
        else await connection[Symbol.asyncDispose]()
      })
    } finally {
      this.#lent--
      this.#waiting.shift()?.()
    }
  }

  async line(): Promise<Line> {
    return this.#open()
  }

  /** What is lent goes on, and its connection is closed afterwards. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    await Promise.all(
      this.#idle.splice(0).map(async ({ connection, timer }) => {
        clearTimeout(timer)
        await connection[Symbol.asyncDispose]()
      }),
    )
  }

  async #turn(): Promise<void> {
    while (this.#lent >= this.#address.connections)
      await new Promise<void>(resolve => this.#waiting.push(resolve))
    this.#lent++
  }

  #takeIdle(): PostgresConnection | undefined {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      clearTimeout(idle.timer)
      if (idle.connection.isIdle) return idle.connection
    }
    return undefined
  }

  #putIdle(connection: PostgresConnection): void {
    const timer = setTimeout(() => {
      this.#idle.splice(
        this.#idle.findIndex(idle => idle.connection === connection),
        1,
      )
      void connection[Symbol.asyncDispose]()
    }, IDLE_MS)
    timer.unref()
    this.#idle.push({ connection, timer })
  }

  async #open(): Promise<PostgresConnection> {
    try {
      const { url, applicationName, connectTimeoutMs, answerTimeoutMs } = this.#address
      return await PostgresConnection.open(
        {
          connectionString: url,
          connectionTimeoutMillis: connectTimeoutMs,
          application_name: applicationName,
          keepAlive: true,
          keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
        },
        `set idle_in_transaction_session_timeout = ${this.#address.idleInTransactionTimeoutMs}`,
        answerTimeoutMs,
      )
    } catch (error) {
      throw codedFailure(this.name, error)
    }
  }
}
