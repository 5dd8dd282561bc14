import { setField } from '../../message/message.js'
import { ColumnValueProblem, shown, textProblem } from './column-value-problem.js'

/** Deeper than any honest row, and shallow enough for the stack: also ends a cycle. */
const MAX_DEPTH = 100

/**
 * A copy of plain JSON; whatever would not come back equal from JSON is refused. Undefined properties are left out, as
 * JSON does. @internal
 */
export function jsonValue(value: unknown, path: string, depth = 0): unknown {
  if (depth > MAX_DEPTH)
    throw new ColumnValueProblem(
      `holds JSON of at most ${MAX_DEPTH} levels; ${path.slice(0, 60)}… is deeper, or a cycle`,
    )
  switch (typeof value) {
    case 'boolean':
      return value
    case 'number':
      if (!Number.isFinite(value)) throw refused(path, value)
      return value + 0
    case 'string': {
      const problem = textProblem(value)
      if (problem) throw new ColumnValueProblem(`${problem}, see ${path}`)
      return value
    }
    case 'object':
      return value === null ? null : structure(value, path, depth)
    default:
      throw refused(path, value)
  }
}

function structure(value: object, path: string, depth: number): unknown {
  if (Array.isArray(value)) {
    // Array.from visits holes too, which map() would keep
    return Array.from(value, (item, index) => jsonValue(item, `${path}[${index}]`, depth + 1))
  }
  const prototype = Object.getPrototypeOf(value) as object | null
  if (prototype !== null && prototype !== Object.prototype) throw refused(path, value)
  const copy = {}
  for (const key of Object.keys(value)) {
    const problem = textProblem(key)
    if (problem) throw new ColumnValueProblem(`${problem}, see a key of ${path || 'the value'}`)
    const item = (value as Record<string, unknown>)[key]
    if (item !== undefined) setField(copy, key, jsonValue(item, `${path}.${key}`, depth + 1))
  }
  return copy
}

function refused(path: string, value: unknown): ColumnValueProblem {
  return new ColumnValueProblem(
    `holds plain JSON (text, finite numbers, booleans, null, arrays, plain objects); ${path || 'the value'} is ${shown(value)}`,
  )
}
