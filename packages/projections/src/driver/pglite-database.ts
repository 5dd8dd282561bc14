import { setImmediate } from 'node:timers/promises'
import type { PGlite, Results } from '@electric-sql/pglite'
import {
  SessionEndedError,
  type Answer,
  type Database,
  type Line,
  type Session,
  type SqlText,
} from './database.js'
import { FORGET } from './forgetting.js'

/** How long other work of the process may have to wait for transactions that follow one another. */
const TURN_MS = 5

/** PGlite: PostgreSQL inside this process, on a folder that no other process uses. One session at a time. */
export class PgliteDatabase implements Database {
  readonly name: string
  readonly shared = false
  readonly #pglite: PGlite
  readonly #closing: () => Promise<void>
  #last: Promise<unknown> = Promise.resolve()
  #closed: Promise<void> | undefined
  #breathed = 0

  /** @param closing - called when it is closed */
  constructor(pglite: PGlite, name: string, closing: () => Promise<void>) {
    this.#pglite = pglite
    this.name = name
    this.#closing = closing
    leaveValuesAlone(pglite)
  }

  async session<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const mine = this.#last.then(async () => {
      await this.#breathe()
      const session = new PgliteSession(this.#pglite)
      try {
        return await work(session)
      } finally {
        await session.end()
      }
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

  /** PGlite works within the turn of its caller: without a pause, timers and sockets of the whole process would starve. */
  async #breathe(): Promise<void> {
    if (performance.now() - this.#breathed < TURN_MS) return
    await setImmediate()
    this.#breathed = performance.now()
  }

  async #close(): Promise<void> {
    await this.#last
    await this.#pglite.close()
    await this.#closing()
  }
}

/** Values come and go as text: they are parsed in one place, for both databases the same. */
function leaveValuesAlone(pglite: PGlite): void {
  pglite.serializers = {}
  for (const type of Object.keys(pglite.parsers)) pglite.parsers[type] = (text: string) => text
}

class PgliteSession implements Session {
  readonly pristine = FORGET
  readonly #pglite: PGlite
  #ended = false
  #last: Promise<unknown> = Promise.resolve()

  constructor(pglite: PGlite) {
    this.#pglite = pglite
  }

  query(text: string, params: readonly SqlText[] = []): Promise<Answer> {
    return this.#next(async () => answerOf(await this.#pglite.query(text, [...params], { rowMode: 'array' })))
  }

  script(text: string): Promise<readonly Answer[]> {
    return this.#next(async () => (await this.#pglite.exec(text, { rowMode: 'array' })).map(answerOf))
  }

  /** Waits for statements that nobody waited for, and leaves no transaction behind. */
  async end(): Promise<void> {
    this.#ended = true
    await this.#last
    if (this.#pglite.isInTransaction()) await this.#pglite.exec('rollback')
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    if (this.#ended) return Promise.reject(new SessionEndedError())
    const answer = work()
    this.#last = answer.catch(() => undefined)
    return answer
  }
}

function answerOf(answer: Results<unknown>): Answer {
  return {
    columns: answer.fields.map(({ name, dataTypeID }) => ({ name, type: dataTypeID })),
    rows: answer.rows as readonly SqlText[][],
    command: answer.command ?? '',
    rowCount: answer.rowCount ?? null,
  }
}
