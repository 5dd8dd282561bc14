/** The SQL types of a column, and what each is in TypeScript. */
export interface ColumnTypes {
  /** Without the NUL character, which SQL cannot store. */
  readonly text: string
  /** A whole number of 32 bits. */
  readonly integer: number
  /** A whole number of 64 bits. */
  readonly bigint: bigint
  /** A finite number. */
  readonly 'double precision': number
  /** A JavaScript boolean. */
  readonly boolean: boolean
  /** To the millisecond, years 1 to 9999. */
  readonly timestamptz: Date
  /** Plain JSON: objects and arrays of text, finite numbers, booleans and null. */
  readonly jsonb: object
  /** In small letters with hyphens, as SQL gives it back. */
  readonly uuid: string
}

/** The name of a column's SQL type. */
export type ColumnType = keyof ColumnTypes

/** What a column can hold. */
export type ColumnValue = ColumnTypes[ColumnType] | null

/** A row: its column values by name. Rows that folds and readers get have the row class as their prototype. */
export interface Row {
  /** A value by its name. */
  [column: string]: ColumnValue
}
