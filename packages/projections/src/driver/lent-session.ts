import { endsConnection } from './coded-failure.js'
import { SessionEndedError, type Answer, type Line, type Session, type SqlText } from './database.js'
import { isSqlFailure } from './sql-failure.js'

/**
 * Lends a connection for the time of the work, and rejects at once when the connection is lost meanwhile.
 *
 * @param giveBack - called with the session when the work has ended; nothing can be asked of the session any more
 */
export async function lend<T>(
  connection: Line,
  work: (session: Session) => Promise<T>,
  giveBack: (lent: LentSession) => Promise<void>,
): Promise<T> {
  const lent = new LentSession(connection)
  const loss = lossOf(connection)
  try {
    return await Promise.race([work(lent), loss.noticed])
  } finally {
    loss.forget()
    lent.end()
    await giveBack(lent)
  }
}

/** Rejects when the connection is lost, until it is told to forget. */
function lossOf({ lost }: Line): { noticed: Promise<never>; forget(): void } {
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
export class LentSession implements Session {
  readonly #connection: Session
  readonly #running = new Set<Promise<unknown>>()
  #ended = false
  #dead = false
  #uncertain = false

  constructor(connection: Session) {
    this.#connection = connection
  }

  /** Whether the connection must not be used again. */
  get dead(): boolean {
    return this.#dead
  }

  /** Whether there may be a transaction that was left open. */
  get uncertain(): boolean {
    return this.#uncertain || this.#running.size > 0
  }

  get pristine(): string {
    return this.#connection.pristine
  }

  get pid(): string {
    return this.#connection.pid
  }

  end(): void {
    this.#ended = true
  }

  /** Waits for statements that nobody waited for. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running)
  }

  query(text: string, params?: readonly SqlText[], keep?: 'keep'): Promise<Answer> {
    return this.#run(() => this.#connection.query(text, params, keep))
  }

  async script(text: string): Promise<readonly Answer[]> {
    try {
      return await this.#run(() => this.#connection.script(text))
    } catch (error) {
      // It may have begun a transaction before it failed, and `pg` hears of that only later.
      this.#uncertain = true
      throw error
    }
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#ended) throw new SessionEndedError()
    const answer = work()
    this.#running.add(answer)
    try {
      return await answer
    } catch (error) {
      if (endsConnection(error) || isStalePlan(error)) this.#dead = true
      throw error
    } finally {
      this.#running.delete(answer)
    }
  }
}

/** A kept statement whose tables were changed: the connection would refuse it for ever. */
function isStalePlan(error: unknown): boolean {
  return isSqlFailure(error) && (error.code === '0A000' || error.code === '26000')
}
