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

/** How long a lost connection may take to be noticed while it is being closed. */
const END_MS = 2_000

/** Names of kept statements, the same on every connection. */
const kept = new Map<string, string>()

/** One connection to a PostgreSQL server. Its errors are those of `pg`, not yet coded. */
export class PostgresConnection implements Line {
  #pristine: string
  readonly #client: Client
  readonly #lost = new AbortController()
  #running = 0
  #last: Promise<unknown> = Promise.resolve()

  private constructor(client: Client, settings: string) {
    this.#client = client
    this.#pristine = `${FORGET}; ${settings}`
    const lose = (error?: Error): void =>
      this.#lost.abort(error ?? new Error('the connection was terminated by the server'))
    client.on('error', lose)
    client.on('end', () => lose())
  }

  /** @param more - settings beside those that every connection has */
  static async open(config: ClientConfig, more: string): Promise<PostgresConnection> {
    const settings = `${SETTINGS}; ${more}`
    const client = new Client(config)
    const connection = new PostgresConnection(client, settings)
    try {
      await client.connect()
      await client.query(settings)
      await connection.#noticeLoss()
    } catch (error) {
      await connection[Symbol.asyncDispose]()
      throw error
    }
    return connection
  }

  get pristine(): string {
    return this.#pristine
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
    return answerOf(await this.#next(() => this.#client.query<SqlText[]>(query)))
  }

  async script(text: string): Promise<readonly Answer[]> {
    const query = { text, rowMode: 'array', types: AS_TEXT } as const
    const answers = await this.#next(() => this.#client.query<SqlText[]>(query))
    return (Array.isArray(answers) ? (answers as QueryArrayResult<SqlText[]>[]) : [answers]).map(answerOf)
  }

  /** The server ends a statement soon when nobody waits for it any more; else it would keep its locks until it is done. */
  async #noticeLoss(): Promise<void> {
    try {
      await this.#client.query(NOTICE_LOSS)
      this.#pristine += `; ${NOTICE_LOSS}`
    } catch (error) {
      if (!isSqlFailure(error)) throw error
      // Servers before version 14, and those on Windows, cannot.
    }
  }

  /** One statement after the other: `pg` would do the same, and warn that it will not do so for ever. */
  #next<T>(work: () => Promise<T>): Promise<T> {
    const answer = this.#running === 0 ? work() : this.#last.then(work)
    this.#running++
    this.#last = answer.then(
      () => this.#running--,
      () => this.#running--,
    )
    return answer
  }

  onNotification(callback: (channel: string, payload: string) => void): void {
    this.#client.on('notification', ({ channel, payload }) => callback(channel, payload ?? ''))
  }

  /** Closes it, also when the server does not answer any more. */
  async [Symbol.asyncDispose](): Promise<void> {
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
