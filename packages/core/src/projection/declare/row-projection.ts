declare const ROW: unique symbol

// A computed property cannot stand in a class whose declarations are made without type inference; it can in an interface.
/** Carries the row type of a projection for the compiler; there is no such property. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging
export interface RowProjection<R extends object> {
  /** For the compiler only. */
  readonly [ROW]: R
}

/**
 * The base class of a row projection: `class Balances extends RowProjection<BalanceRow>`. Its methods fold events into rows
 * by @Insert, @Update, @Upsert and @Delete; it is made without arguments, holds no state and is frozen.
 */
// oxlint-disable-next-line typescript/no-extraneous-class, eslint/no-unused-vars
export abstract class RowProjection<R extends object> {}

/** The row type of a row projection. */
export type RowOf<P> = P extends RowProjection<infer R> ? R : never
/** What carries the row type of a row projection. */
export type RowMark = typeof ROW
