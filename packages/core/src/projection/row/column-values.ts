import type { ColumnType, ColumnValue } from '../declare/column-types.js'
import { ColumnValueProblem, shown, textProblem } from './column-value-problem.js'
import { jsonValue } from './json-value.js'

const MIN_INTEGER = -2_147_483_648
const MAX_INTEGER = 2_147_483_647
const MIN_BIGINT = -(2n ** 63n)
const MAX_BIGINT = 2n ** 63n - 1n
const MIN_TIME = Date.UTC(2001, 0, 1) - 63_113_904_000_000 // 0001-01-01, which Date.UTC cannot say
const MAX_TIME = Date.UTC(9999, 11, 31, 23, 59, 59, 999)
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Checks a value for each column type and gives the value to keep, which shares nothing with the one given. */
export const columnValue: { readonly [C in ColumnType]: (value: unknown) => Exclude<ColumnValue, null> } = {
  text: textValue,
  integer(value) {
    if (typeof value !== 'number') throw wrong('a number', value)
    if (!Number.isInteger(value) || value < MIN_INTEGER || value > MAX_INTEGER)
      throw new ColumnValueProblem(`holds whole numbers of 32 bits, not ${value}`)
    return value + 0
  },
  bigint(value) {
    if (typeof value !== 'bigint') throw wrong('a bigint', value)
    if (value < MIN_BIGINT || value > MAX_BIGINT)
      throw new ColumnValueProblem(`holds whole numbers of 64 bits, not ${value}`)
    return value
  },
  'double precision'(value) {
    if (typeof value !== 'number') throw wrong('a number', value)
    if (!Number.isFinite(value)) throw new ColumnValueProblem(`holds finite numbers, not ${value}`)
    return value + 0
  },
  boolean(value) {
    if (typeof value !== 'boolean') throw wrong('a boolean', value)
    return value
  },
  timestamptz(value) {
    if (!(value instanceof Date)) throw wrong('a Date', value)
    const time = value.getTime()
    if (!(time >= MIN_TIME && time <= MAX_TIME))
      throw new ColumnValueProblem(
        `holds dates of the years 1 to 9999, not ${Number.isNaN(time) ? 'an invalid Date' : value.toISOString()}`,
      )
    return new Date(time)
  },
  jsonb(value) {
    if (typeof value !== 'object' || value === null) throw wrong('an object or array', value)
    return jsonValue(value, '') as object
  },
  uuid(value) {
    if (typeof value !== 'string') throw wrong('a text', value)
    if (!UUID.test(value))
      throw new ColumnValueProblem(`holds UUIDs in small letters with hyphens, not ${shown(value)}`)
    return value
  },
}

function textValue(value: unknown): string {
  if (typeof value !== 'string') throw wrong('a text', value)
  const problem = textProblem(value)
  if (problem) throw new ColumnValueProblem(problem)
  return value
}

function wrong(expected: string, value: unknown): ColumnValueProblem {
  return new ColumnValueProblem(`needs ${expected}, not ${shown(value)}`)
}
