import { accepts } from './accepts.js'
import type { JsonSchema, JsonType } from './json-schema.js'
import { allows, typesOf } from './types.js'

const LOWER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'] as const
const UPPER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'] as const

/** The schema of the values that keep both; the order does not matter. @internal */
export function intersect(a: JsonSchema, b: JsonSchema): JsonSchema {
  const both: { -readonly [K in keyof JsonSchema]: JsonSchema[K] } = { ...a, ...b }
  if (a.type && b.type) both.type = commonTypes(a.type, b.type)
  for (const bound of LOWER)
    if (a[bound] !== undefined && b[bound] !== undefined) both[bound] = Math.max(a[bound], b[bound])
  for (const bound of UPPER)
    if (a[bound] !== undefined && b[bound] !== undefined) both[bound] = Math.min(a[bound], b[bound])
  if (a.items && b.items) both.items = intersect(a.items, b.items)
  const rules = [...new Set([...(a['x-rules'] ?? []), ...(b['x-rules'] ?? [])])].toSorted()
  if (rules.length > 0) both['x-rules'] = rules
  if (both.type?.length === 0) return { enum: [] }
  if (!a.enum && !b.enum) return both
  const { enum: _, ...rest } = both
  const values = (a.enum ?? b.enum)!.filter(
    value => (b.enum ?? a.enum)!.includes(value) && accepts(rest, value),
  )
  return { ...rest, enum: values.toSorted(byText) }
}

function commonTypes(a: readonly JsonType[], b: readonly JsonType[]): readonly JsonType[] {
  const common = [...a.filter(type => allows(b, type)), ...b.filter(type => allows(a, type))]
  return [...new Set(common)].filter(type => type !== 'number' || !common.includes('integer')).toSorted()
}

/** The same schema, for values that may also be null. @internal */
export function nullable(schema: JsonSchema): JsonSchema {
  return {
    ...schema,
    ...(schema.type && { type: [...new Set<JsonType>([...typesOf(schema), 'null'])].toSorted() }),
    ...(schema.enum && { enum: [...new Set([...schema.enum, null])].toSorted(byText) }),
  }
}

function byText(a: unknown, b: unknown): number {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)]
  return left < right ? -1 : left > right ? 1 : 0
}
