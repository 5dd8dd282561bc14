import { codedFailure, endsConnection } from './coded-failure.js'
import {
  SessionEndedError,
  type Answer,
  type Database,
  type Line,
  type Session,
  type SqlText,
} from './database.js'
import { nameOfAddress, type PostgresAddress } from './postgres-address.js'
import { PostgresConnection } from './postgres-connection.js'
import { isSqlFailure } from './sql-failure.js'

const IDLE_MS = 30_000

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

  constructor(address: PostgresAddress) {
    this.#address = address
    this.name = nameOfAddress(address.url)
  }

  async session<T>(work: (session: Session) => Promise<T>): Promise<T> {
    await this.#turn()
    try {
      const connection = this.#takeIdle() ?? (await this.#open())
      const guarded = new LentSession(connection)
      const loss = lossOf(connection)
      try {
        return await Promise.race([work(guarded), loss.noticed])
      } finally {
        loss.forget()
        guarded.end()
        if (connection.isIdle && !guarded.broken) this.#putIdle(connection)
        else await connection[Symbol.asyncDispose]()
      }
    } finally {
      this.#lent--
      this.#waiting.shift()?.()
    }
  }

  async line(): Promise<Line> {
    return this.#open()
  }

  async [Symbol.asyncDispose](): Promise<void> {
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
      return await PostgresConnection.open(this.#address)
    } catch (error) {
      throw codedFailure(this.name, error)
    }
  }
}

/** Rejects when the connection is lost, until it is told to forget. */
function lossOf({ lost }: PostgresConnection): { noticed: Promise<never>; forget(): void } {
  let forget = (): void => undefined
  const noticed = new Promise<never>((_, reject) => {
    const lose = (): void => reject(lost.reason as Error)
    if (lost.aborted) return lose()
    lost.addEventListener('abort', lose)
    forget = () => lost.removeEventListener('abort', lose)
  })
  return { noticed, forget }
}

/** A connection for as long as it is lent; whoever keeps it longer is refused. */
class LentSession implements Session {
  readonly #connection: PostgresConnection
  #ended = false
  #running = 0
  #dead = false

  constructor(connection: PostgresConnection) {
    this.#connection = connection
  }

  /** Whether the connection must not be used again. */
  get broken(): boolean {
    return this.#dead || this.#running > 0
  }

  get pristine(): string {
    return this.#connection.pristine
  }

  end(): void {
    this.#ended = true
  }

  query(text: string, params?: readonly SqlText[], keep?: 'keep'): Promise<Answer> {
    return this.#run(() => this.#connection.query(text, params, keep))
  }

  async script(text: string): Promise<readonly Answer[]> {
    try {
      return await this.#run(() => this.#connection.script(text))
    } catch (error) {
      // It may have begun a transaction before it failed, and `pg` hears of that only later.
      this.#dead = true
      throw error
    }
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#ended) throw new SessionEndedError()
    this.#running++
    try {
      return await work()
    } catch (error) {
      if (endsConnection(error) || isStalePlan(error)) this.#dead = true
      throw error
    } finally {
      this.#running--
    }
  }
}

/** A kept statement whose tables were changed: the connection would refuse it for ever. */
function isStalePlan(error: unknown): boolean {
  return isSqlFailure(error) && (error.code === '0A000' || error.code === '26000')
}
