declare const ROW: unique symbol

/** Carries the row type of a projection for the compiler; there is no such property. */
export interface RowProjection<R extends object> {
  readonly [ROW]: R
}

/**
 * The base class of a row projection: `class Balances extends RowProjection<BalanceRow>`. Its methods fold events into rows
 * by @Insert, @Update, @Upsert and @Delete; it is made without arguments, holds no state and is frozen.
 */
export abstract class RowProjection<R extends object> {}

/** The row type of a row projection. */
export type RowOf<P> = P extends RowProjection<infer R> ? R : never
/** What carries the row type of a row projection. @internal */
export type RowMark = typeof ROW
