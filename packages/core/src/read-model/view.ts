import type { Position } from '../store/position.js'

/** How fresh an answer must be. */
export interface ReadOptions {
  /**
   * The answer has seen the event at this position, the `position` that `execute` gave; of several positions, as of commands in
   * several partitions, all of their events. Default: whatever is there.
   */
  readonly atLeast?: Position | readonly Position[]
  /** How long to wait for it, in milliseconds; 0 looks once. Default 5,000. */
  readonly timeoutMs?: number
}

/**
 * A query of a query builder, such as Kysely's, as it is before it is compiled. It is never executed: `execute` says of which type
 * its rows are.
 */
export interface BuiltQuery<T> {
  /** Gives SQL text, with the parameters `$1`, `$2` …. */
  compile(): { readonly sql: string; readonly parameters: readonly unknown[] }
  /** For the compiler only. */
  execute(): Promise<readonly T[]>
}

/**
 * Reads a read model. Rows and the proof that they are fresh come from one snapshot; of several positions the proof of the last
 * one, and the others were there before, since for readers a read model never goes back.
 *
 * @throws ReadModelBehindError when the read model has not come to `atLeast` within `timeoutMs`; ProjectionStoppedError when
 *   it never will; ReadModelParkedError when the event at `atLeast` or the key that is read is parked in that partition; PositionError when `atLeast` is malformed or of another log; ReadModelsClosedError.
 */
export interface View<R extends object> {
  /** The row of a key; undefined when there is none. */
  get(key: string, options?: ReadOptions): Promise<R | undefined>
  /** Every row, in the order of the keys (numbers by value, text by code points). */
  all(options?: ReadOptions): Promise<readonly R[]>
  /**
   * The answer to SQL, where the read models are SQL tables.
   *
   * @throws SqlUnsupportedError in memory.
   */
  query<T extends object = R>(
    sql: string,
    params?: readonly unknown[],
    options?: ReadOptions,
  ): Promise<readonly T[]>
  /**
   * The answer to a query of a query builder, with rows of its type.
   *
   * @throws SqlUnsupportedError in memory.
   */
  query<T extends object>(query: BuiltQuery<T>, options?: ReadOptions): Promise<readonly T[]>
}
