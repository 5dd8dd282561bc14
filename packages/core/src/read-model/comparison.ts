import type { Cut } from './build-progress.js'

/** One value, or one whole row, that is not the same. */
export interface Difference {
  /** The table. */
  readonly table: string
  /** The row's key as JSON; the row itself in a table without a primary key. */
  readonly row: string
  /** The column; undefined where the row is in one of the two only. */
  readonly column?: string
  /** As readers have it now, as JSON; undefined where the row is only in the other. */
  readonly before?: string
  /** As the build has it, as JSON; undefined where the row is only in the other. */
  readonly after?: string
}

/** What the comparison found in one table. */
export interface TableComparison {
  /** The table. */
  readonly table: string
  /** How many rows readers have now; undefined when the table is new. */
  readonly rowsBefore?: number
  /** How many rows the build has; undefined when the table is gone. */
  readonly rowsAfter?: number
  /** How many rows are not the same in the columns that both have. */
  readonly differentRows: number
  /** Columns that only the build has: not compared. */
  readonly addedColumns: readonly string[]
  /** Columns that only readers have now: not compared. */
  readonly removedColumns: readonly string[]
}

/** All tables of a build beside those that readers have now, both at the same cut. */
export interface Comparison {
  /** Where both stood. */
  readonly cut: Cut
  /** Each table. */
  readonly tables: readonly TableComparison[]
  /** How many rows are not the same. */
  readonly differentRows: number
  /** The first 20 differences. */
  readonly first: readonly Difference[]
}
