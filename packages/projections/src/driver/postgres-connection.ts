import { Client, type ClientConfig, type QueryArrayConfig, type QueryArrayResult } from 'pg'
import type { Answer, Line, SqlText } from './database.js'
import { FORGET } from './forgetting.js'
import { isSqlFailure } from './sql-failure.js'

/** Raw text: values are parsed in one place, for both databases the same. */
const AS_TEXT = { getTypeParser: () => (text: string) => text } as unknown as NonNullable<
  QueryArrayConfig['types']
>

/** What values look like must not depend on how the server or the user is configured. */
const SETTINGS =
  "set timezone = 'UTC'; set datestyle = 'ISO'; set intervalstyle = 'postgres'; set extra_float_digits = 1; " +
  "set bytea_output = 'hex'; set standard_conforming_strings = on"

/** How often the server looks whether its client is still there while a statement runs. */
const NOTICE_LOSS = 'set client_connection_check_interval = 1000'

/** Asked of the server: a pooler between has ids of its own. */
const PID = 'select pg_backend_pid()'

/** How long a lost connection may take to be noticed while it is being closed. */
const END_MS = 2_000

type QueryAnswers = QueryArrayResult<SqlText[]> | QueryArrayResult<SqlText[]>[]

/** Names of kept statements, the same on every connection. */
const kept = new Map<string, string>()

/** One connection to a PostgreSQL server. Its errors are those of `pg`, not yet coded. */
export class PostgresConnection implements Line {
  #pristine: string
  #pid = ''
  readonly #client: Client
  readonly #answerMs: number | undefined
  readonly #lost = new AbortController()
  #running = 0

  private constructor(client: Client, settings: string, answerMs: number | undefined) {
    this.#client = client
    this.#answerMs = answerMs
    this.#pristine = `${FORGET}; ${settings}`
    const lose = (error?: Error): void =>
      this.#lost.abort(error ?? new Error('the connection was terminated by the server'))
    client.on('error', lose)
    client.on('end', () => lose())
  }

  /**
   * @param more - settings beside those that every connection has
   * @param answerMs - how long an answer to statements of our own may take. Default: as long as it takes
   */
  static async open(config: ClientConfig, more: string, answerMs?: number): Promise<PostgresConnection> {
    const settings = `${SETTINGS}; ${more}`
    const client = new Client({ ...config, pipeline: true })
    const connection = new PostgresConnection(client, settings, answerMs)
    try {
      await client.connect()
      const [answers] = await Promise.all([
        connection.script(`${settings}; ${PID}`),
        connection.#noticeLoss(),
      ])
      connection.#pid = answers.at(-1)!.rows[0]![0]!
    } catch (error) {
      await connection[Symbol.asyncDispose]()
      throw error
    }
    return connection
  }

  get pristine(): string {
    return this.#pristine
  }

  get pid(): string {
    return this.#pid
  }

  /** Aborted when the connection is lost or closed. */
  get lost(): AbortSignal {
    return this.#lost.signal
  }

  /** False when it was left inside a transaction, or with a statement still running. */
  get isIdle(): boolean {
    return !this.#lost.signal.aborted && this.#client.getTransactionStatus() === 'I'
  }

  async query(text: string, params: readonly SqlText[] = [], keep?: 'keep'): Promise<Answer> {
    const query = {
      text,
      values: params as SqlText[],
      rowMode: 'array',
      types: AS_TEXT,
      queryMode: 'extended',
      ...(keep && { name: nameOf(text) }),
    } as const
    return answerOf((await this.#send(query, keep && this.#answerMs)) as QueryArrayResult<SqlText[]>)
  }

  async script(text: string): Promise<readonly Answer[]> {
    const query = { text, rowMode: 'array', types: AS_TEXT } as const
    const answers = await this.#send(query, this.#answerMs)
    return (Array.isArray(answers) ? answers : [answers]).map(answerOf)
  }

  /** The server ends a statement soon when nobody waits for it any more; else it would keep its locks until it is done. */
  async #noticeLoss(): Promise<void> {
    try {
      await this.script(NOTICE_LOSS)
      this.#pristine += `; ${NOTICE_LOSS}`
    } catch (error) {
      if (!isSqlFailure(error)) throw error
      // Servers before version 14, and those on Windows, cannot.
    }
  }

  /**
   * Statements go out at once, one behind the other, whether those before are answered or not. One that could not be sent ends
   * the connection: a COMMIT behind it must not go through without it.
   */
  #send(query: QueryArrayConfig, answerMs: number | undefined): Promise<QueryAnswers> {
    this.#running++
    const late = answerMs && setTimeout(() => this.#giveUp(answerMs), answerMs)
    return new Promise<QueryAnswers>((resolve, reject) => {
      let sent = false
      this.#client.query<SqlText[]>(query, (error: Error | null, answers: QueryAnswers) => {
        this.#running--
        clearTimeout(late)
        if (!error) return resolve(answers)
        if (!sent) this.#cut()
        reject(error)
      })
      sent = true
    })
  }

  /** A server that is frozen, or that cannot be heard any more, closes no connection. */
  #giveUp(answerMs: number): void {
    const silent = new Error(`it has not answered for ${answerMs} ms`)
    this.#lost.abort(Object.assign(silent, { code: 'ETIMEDOUT' }))
    this.#cut()
  }

  #cut(): void {
    this.#client.connection.stream.destroy()
  }

  onNotification(callback: (channel: string, payload: string) => void): void {
    this.#client.on('notification', ({ channel, payload }) => callback(channel, payload ?? ''))
  }

  /** Closes it, also when the server does not answer any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    // Nobody waits for the answers any more, and the server notices that.
    if (this.#running > 0) this.#cut()
    const end = this.#client.end().catch(() => undefined)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>(resolve => (timer = setTimeout(resolve, END_MS)))
    await Promise.race([end, late])
    clearTimeout(timer)
  }
}

function nameOf(text: string): string {
  let name = kept.get(text)
  if (!name) kept.set(text, (name = `hindcast_${kept.size}`))
  return name
}

function answerOf(answer: QueryArrayResult<SqlText[]>): Answer {
  return {
    columns: answer.fields.map(({ name, dataTypeID }) => ({ name, type: dataTypeID })),
    rows: answer.rows,
    command: answer.command,
    rowCount: answer.rowCount,
  }
}
