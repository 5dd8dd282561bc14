import type { EventMeta } from '../../message/event-meta.js'
import type { AnyEvent, Newable } from '../../message/message.js'
import { declareSqlHandler } from './declarations.js'
import type { RowMark } from './row-projection.js'

/** The answer to a statement, as the `pg` package gives it. */
export interface SqlResult<T extends object> {
  /** The rows, in order. */
  readonly rows: T[]
  /** How many rows were read or changed; null where the statement has none. */
  readonly rowCount: number | null
}

/**
 * The transaction that an event is projected in, with `query` as the `pg` package has it, so that Kysely and Drizzle fit.
 * It holds the checkpoint too: it is committed or rolled back for the handler, never by it.
 */
export interface SqlTx {
  /** Runs SQL, as `pg` does. */
  query<T extends object = Record<string, unknown>>(
    text: string,
    params?: readonly unknown[],
  ): Promise<SqlResult<T>>
}

/** The shape of a method that projects an event with SQL. */
export type SqlShape<E> = (event: E, meta: EventMeta, sql: SqlTx) => Promise<void>

/** The decorator of a method that projects an event with SQL. Not for row projections. */
export type SqlDecorator<E> = <P extends object, M extends SqlShape<E>>(
  target: P & { readonly [K in RowMark]?: never },
  method: string | symbol,
  descriptor: TypedPropertyDescriptor<M>,
) => void

/** The method changes tables by SQL for the event: `async (event, meta, sql) => { await sql.query(…) }`. */
export function Project<E extends AnyEvent>(event: Newable<E>): SqlDecorator<E> {
  return (target, method) => declareSqlHandler(target, { event, method: String(method) })
}
