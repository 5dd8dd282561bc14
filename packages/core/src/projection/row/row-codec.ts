import { ColumnValueProblem, shown } from './column-value-problem.js'
import { columnValue } from './column-values.js'
import type { ColumnValue, Row } from '../declare/column-types.js'
import type { ColumnDefinition, RowDefinition } from './row-definition.js'

/** Why a value is no row: the column, and a reason that completes "column x …". @internal */
export class RowProblem extends Error {
  constructor(
    readonly column: string,
    reason: string,
  ) {
    super(reason)
  }
}

/** Checks and copies the rows of one row class. */
export interface RowCodec {
  /**
   * A copy of what a fold returned: every column checked, in the order written, with the row class as prototype.
   *
   * @throws RowProblem
   */
  check(value: object): Row
  /** A copy of a row that was checked before. */
  copy(row: Row): Row
  /** The row's key as text. */
  keyOf(row: Row): string
}

/** Makes the codec of a row class. */
export function rowCodec({ type, columns, key }: RowDefinition): RowCodec {
  const prototype = type.prototype as object
  const names = new Set(columns.map(column => column.name))
  const checks = columns.map(column => ({ column, name: column.name, check: columnValue[column.type] }))
  return {
    check(value) {
      const row = Object.create(prototype) as Row
      const given = value as Record<string, unknown>
      for (const { column, name, check } of checks) {
        const found = given[name]
        row[name] =
          found === null || found === undefined ? absent(column, found) : checked(name, check, found)
      }
      refuseUnknown(given, names)
      return row
    },
    copy(row) {
      const copy = Object.create(prototype) as Row
      for (const { name, check } of checks) {
        const value = row[name]
        copy[name] = typeof value === 'object' && value !== null ? check(value) : (value ?? null)
      }
      return copy
    },
    keyOf: row => String(row[key.name] as string),
  }
}

function checked(name: string, check: (value: unknown) => ColumnValue, value: unknown): ColumnValue {
  try {
    return check(value)
  } catch (error) {
    if (error instanceof ColumnValueProblem) throw new RowProblem(name, error.message)
    throw error
  }
}

function absent(column: ColumnDefinition, value: null | undefined): null {
  if (column.nullable) return null
  throw new RowProblem(
    column.name,
    `needs a value, not ${String(value)}; a column that may be null says @Column('${column.type}', { nullable: true })`,
  )
}

/** A property without a column would be lost; undefined ones and symbols were never there for SQL. */
function refuseUnknown(given: Record<string, unknown>, names: ReadonlySet<string>): void {
  for (const name in given)
    if (!names.has(name) && Object.hasOwn(given, name) && given[name] !== undefined)
      throw new RowProblem(name, `is not declared; add @Column to it, or leave ${shown(given[name])} out`)
}
