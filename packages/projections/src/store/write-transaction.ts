import {
  SqlTransactionError,
  type CheckpointKey,
  type HindcastError,
  type LoadOptions,
  type ParkedEvent,
  type PassedEvent,
  type ReadModelTx,
  type RequestOutcome,
  type Row,
  type RowChanges,
  type SqlResult,
  type SqlTx,
} from '@hindcast/core'
import { codedFailure, passingFailure } from '../driver/coded-failure.js'
import {
  SessionEndedError,
  type Answer,
  type Database,
  type Session,
  type SqlText,
} from '../driver/database.js'
import { ReadModelUnreachableError, SqlNotAwaitedError } from '../error/errors.js'
import {
  ANSWER,
  outcomeText,
  PARK,
  parkedParams,
  PASS,
  passedParams,
  placeParams,
  UNPARK,
} from '../parking/parked-sql.js'
import { schemaName } from '../schema/names.js'
import type { RowTable } from '../rows/row-table.js'
import { arrayText } from '../value/array-text.js'
import { rowsOf } from '../value/from-sql.js'
import { toSql } from '../value/to-sql.js'
import { controlsTransaction } from './transaction-control.js'

/** Constraints that wait for the commit, of tables in this schema, and of others that refer to them. */
const DEFERRED = `select quote_ident(n.nspname) || '.' || quote_ident(conname)
from pg_constraint c join pg_namespace n on n.oid = connamespace
where condeferred and (nspname = current_schema() or exists (
  select from pg_class t where t.oid = confrelid and t.relnamespace = current_schema()::regnamespace))`

/** Whether the server runs a statement of a connection, or waits for a lock for it. */
const AT_WORK = "select from pg_stat_activity where pid = $1 and state = 'active'"

/** What a worker may do behind the fence, on one session. */
export class WriteTransaction implements ReadModelTx {
  readonly sql: SqlTx
  readonly #database: Database
  readonly #session: Session
  readonly #at: CheckpointKey
  readonly #table: RowTable | undefined
  /** Rows that are only there to be locked. */
  readonly #empty = new Set<string>()
  #ahead: { readonly keys: readonly string[]; readonly rows: Promise<Answer> } | undefined
  /** Asked for only where tables are a user's own. */
  readonly #deferred: Promise<Answer> | undefined
  readonly #running = new Set<{ readonly shown: string }>()
  /** Statements whose answers nobody has waited for yet. */
  readonly #sent: Promise<Answer>[] = []
  #ended = false
  #failure: { readonly error: unknown } | undefined

  /** @param loadsFirst - rows that are asked for at once, whatever becomes of the statement before */
  constructor(
    database: Database,
    session: Session,
    at: CheckpointKey,
    table: RowTable | undefined,
    loadsFirst: readonly string[] = [],
  ) {
    this.#database = database
    this.#session = session
    this.#at = at
    this.#table = table
    this.sql = { query: (text, params) => this.#query(text, params) }
    if (!table) {
      this.#deferred = this.#run(DEFERRED, [])
      this.#deferred.catch(() => undefined) // thrown by checkDeferred, unless something else is before
    }
    if (loadsFirst.length > 0) {
      const rows = this.#run(this.#rows().load, [this.#rows().keys(loadsFirst)])
      this.#ahead = { keys: loadsFirst, rows }
      this.#ahead.rows.catch(() => undefined) // thrown to who loads; where nobody comes to that, a statement before has failed
    }
  }

  async load(keys: readonly string[], { shared }: LoadOptions): Promise<ReadonlyMap<string, Row>> {
    const table = this.#rows()
    const named = [table.keys(keys)]
    const ahead = !shared && keys === this.#ahead?.keys ? this.#ahead.rows : undefined
    this.#ahead = undefined
    const [locked, loaded] = await Promise.all([
      shared ? this.#run(table.lock, named) : undefined,
      ahead ?? this.#run(table.load, named),
    ])
    for (const [key] of locked?.rows ?? []) this.#empty.add(key!)
    const rows = table.rowsByKey(loaded)
    for (const key of this.#empty) rows.delete(key)
    return rows
  }

  async save({ upserts, deletes }: RowChanges): Promise<void> {
    const table = this.#rows()
    if (upserts.size > 0) this.#send(table.upsert, table.values(upserts.values()))
    for (const key of upserts.keys()) this.#empty.delete(key)
    const gone = this.#empty.size > 0 ? [...this.#empty, ...deletes] : deletes
    if (gone.length > 0) this.#send(table.delete, [table.keys(gone)])
    this.#empty.clear()
  }

  async park(events: readonly ParkedEvent[]): Promise<void> {
    if (events.length > 0) await this.#run(PARK, [...placeParams(this.#at), ...parkedParams(events)])
  }

  async unpark(offsets: readonly bigint[]): Promise<void> {
    if (offsets.length > 0)
      await this.#run(UNPARK, [...placeParams(this.#at), arrayText(offsets.map(String))])
  }

  async pass(events: readonly PassedEvent[]): Promise<void> {
    if (events.length > 0) await this.#run(PASS, [...placeParams(this.#at), ...passedParams(events)])
  }

  async answer(id: string, outcome: RequestOutcome): Promise<void> {
    await this.#run(ANSWER, [schemaName(this.#at), id, outcomeText(outcome)])
  }

  async checkDeferred(): Promise<void> {
    const names = (await this.#deferred)?.rows.join(', ')
    if (!names) return
    for (const mode of ['immediate', 'deferred'])
      await this.#attempt(() => this.#session.query(`set constraints ${names} ${mode}`))
  }

  /** Asks on a connection of its own. Nothing lies between a process and its PGlite. */
  async silence(): Promise<HindcastError | undefined> {
    if (!this.#database.shared) return undefined
    const { pid } = this.#session
    try {
      await using line = await this.#database.line()
      if ((await line.query(AT_WORK, [pid], 'keep')).rows.length > 0) return undefined
    } catch (error) {
      return passingFailure(this.#database.name, error)
    }
    const silent = `a statement has no answer, though process ${pid} of the server does nothing: its connection is dead`
    return new ReadModelUnreachableError(this.#database.name, silent)
  }

  /** No statement of a handler is run any more. */
  end(): void {
    this.#ended = true
  }

  /**
   * Sends what takes back what locking left behind, and waits for the answers to everything that was sent.
   *
   * @throws at once, when a statement has failed or still runs
   */
  finish(): Promise<unknown> {
    const [running] = this.#running
    if (running) throw new SqlNotAwaitedError(running.shown)
    if (this.#failure) throw codedFailure(this.#database.name, this.#failure.error)
    if (this.#empty.size > 0) this.#send(this.#rows().delete, [this.#rows().keys(this.#empty)])
    return Promise.all(this.#sent)
  }

  /** What lets the whole transaction be tried again, whatever a handler made of it. */
  get passing(): Error | undefined {
    return this.#failure && passingFailure(this.#database.name, this.#failure.error)
  }

  #rows(): RowTable {
    if (!this.#table) throw new TypeError('a SQL projection has no rows to load')
    return this.#table
  }

  async #query<T extends object>(text: string, params: readonly unknown[] = []): Promise<SqlResult<T>> {
    if (this.#ended) throw new SessionEndedError()
    if (controlsTransaction(text)) {
      const refusal = new SqlTransactionError(`the statement ${shortened(text)}`)
      this.#failure ??= { error: refusal }
      throw refusal
    }
    const running = { shown: shortened(text) }
    this.#running.add(running)
    try {
      const answer = await this.#attempt(() => this.#session.query(text, params.map(toSql)))
      return { rows: rowsOf(answer) as T[], rowCount: answer.rowCount }
    } catch (error) {
      throw passingFailure(this.#database.name, error) ?? error
    } finally {
      this.#running.delete(running)
    }
  }

  async #run(text: string, params: readonly SqlText[]): Promise<Answer> {
    try {
      return await this.#attempt(() => this.#session.query(text, params, 'keep'))
    } catch (error) {
      // Behind the first failure all others only say that there was one.
      throw codedFailure(this.#database.name, this.#failure?.error ?? error, this.#at)
    }
  }

  #send(text: string, params: readonly SqlText[]): void {
    const answer = this.#run(text, params)
    answer.catch(() => undefined) // thrown by finish
    this.#sent.push(answer)
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      this.#failure ??= { error }
      throw error
    }
  }
}

function shortened(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ')
  return line.length > 100 ? `${line.slice(0, 100)}…` : line
}
