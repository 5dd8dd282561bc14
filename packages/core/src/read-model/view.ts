import type { Position } from '../store/position.js'

/** How fresh an answer must be. */
export interface ReadOptions {
  /** The answer has seen the event at this position: the `position` that `execute` gave. Default: whatever is there. */
  readonly atLeast?: Position
  /** How long to wait for it, in milliseconds; 0 looks once. Default 5,000. */
  readonly timeoutMs?: number
}

/**
 * Reads a read model. Rows and the proof that they are fresh come from one snapshot.
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
}
