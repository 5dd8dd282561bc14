import type { Database, Line, Session } from './database.js'
import { lend, type LentSession } from './lent-session.js'
import type { PgliteSocket } from './pglite-socket.js'
import { PostgresConnection } from './postgres-connection.js'

/** The one user that PGlite has. It has neither host nor port; `pg` shall not look for them in the environment. */
const NOBODY_ELSE = {
  user: 'postgres',
  database: 'postgres',
  host: 'pglite',
  port: 1,
  ssl: false,
} as const

interface Engine {
  readonly socket: PgliteSocket
  readonly connection: PostgresConnection
}

/**
 * PGlite: PostgreSQL in a thread of this process, on a folder that no other process uses. One session at a time. Where its
 * thread ends by itself, the next session starts it again.
 */
export class PgliteDatabase implements Database {
  readonly name: string
  readonly shared = false
  readonly #start: () => Promise<PgliteSocket>
  readonly #closing: () => Promise<void>
  #engine: Engine | undefined
  #last: Promise<unknown> = Promise.resolve()
  #closed: Promise<void> | undefined

  private constructor(start: () => Promise<PgliteSocket>, name: string, closing: () => Promise<void>) {
    this.#start = start
    this.name = name
    this.#closing = closing
  }

  /**
   * Starts it.
   *
   * @param start - starts its thread
   * @param closing - called when it is closed and nobody works on the folder any more
   * @throws what start throws
   */
  static async open(
    start: () => Promise<PgliteSocket>,
    name: string,
    closing: () => Promise<void>,
  ): Promise<PgliteDatabase> {
    const database = new PgliteDatabase(start, name, closing)
    await database.#running()
    return database
  }

  session<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const mine = this.#last.then(async () => {
      const engine = await this.#running()
      return lend(engine.connection, work, lent => tidy(engine, lent))
    })
    this.#last = mine.catch(() => undefined)
    return mine
  }

  line(): Promise<Line> {
    throw new Error('PGlite belongs to this process alone')
  }

  [Symbol.asyncDispose](): Promise<void> {
    return (this.#closed ??= this.#close())
  }

  async #running(): Promise<Engine> {
    if (this.#engine && !this.#engine.connection.lost.aborted) return this.#engine
    await this.#engine?.socket.stop()
    const socket = await this.#start()
    try {
      const connection = await PostgresConnection.open(
        { ...NOBODY_ELSE, stream: () => socket },
        'set search_path = public',
      )
      return (this.#engine = { socket, connection })
    } catch (error) {
      await socket.stop()
      throw error
    }
  }

  async #close(): Promise<void> {
    await this.#last
    await this.#engine?.connection[Symbol.asyncDispose]()
    await this.#engine?.socket.stop()
    await this.#closing()
  }
}

/** Waits for statements that nobody waited for, and leaves no transaction behind. */
async function tidy({ socket, connection }: Engine, lent: LentSession): Promise<void> {
  await lent.settled()
  if (lent.dead) await socket.stop()
  else if (!connection.lost.aborted && (lent.uncertain || !connection.isIdle))
    await connection.script('rollback')
}
