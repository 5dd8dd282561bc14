import { HindcastError } from '../../error/hindcast-error.js'
import { SqlTransactionError } from './sql-errors.js'
import type { SqlResult, SqlTx } from '../declare/sql.js'

/**
 * The SQL that one call of a handler may run: it ends with the call. Statements that the handler did not wait for are waited
 * for, and a failure that it swallowed is remembered: the database has given the transaction up by then.
 */
export class HandlerTx implements SqlTx {
  readonly #sql: SqlTx
  readonly #running = new Set<Promise<unknown>>()
  #open = true
  #failure: { readonly error: unknown } | undefined

  constructor(sql: SqlTx) {
    this.#sql = sql
  }

  async query<T extends object = Record<string, unknown>>(
    text: string,
    params?: readonly unknown[],
  ): Promise<SqlResult<T>> {
    if (!this.#open)
      throw new SqlTransactionError(
        `the statement ${JSON.stringify(text.slice(0, 200))} of a @Project method`,
        'the method had ended, or its time was over; await every query in it',
      )
    const answer = this.#sql.query<T>(text, params)
    this.#running.add(answer)
    try {
      const result = await answer
      this.#failure = undefined // after ROLLBACK TO SAVEPOINT, statements work again
      return result
    } catch (error) {
      this.#failure = { error }
      throw error
    } finally {
      this.#running.delete(answer)
    }
  }

  /** Waits for what still runs; gives the failure that the transaction died of, if it did. */
  async end(): Promise<{ readonly error: unknown } | undefined> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running)
    this.#open = false
    return this.#failure
  }

  /** The statement that has waited for its answer for longest; undefined when none waits. */
  get waiting(): Promise<unknown> | undefined {
    return this.#running.values().next().value
  }

  /** Refuses every further statement. */
  close(): void {
    this.#open = false
  }

  /** Trouble of the database itself: nothing is wrong with the event, and trying again may help. */
  get outage(): HindcastError | undefined {
    const error = this.#failure?.error
    return error instanceof HindcastError && error.retryable ? error : undefined
  }
}
