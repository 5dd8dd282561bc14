import type { JsonSchema } from './json-schema.js'
import { allows, typeOf, typesOf } from './types.js'

/**
 * Whether a value keeps a schema, as far as a schema alone can tell: the rules that only class-validator can check
 * (`x-rules`) are passed over.
 */
export function accepts(schema: JsonSchema, value: unknown): boolean {
  return keeps(schema, value, schema)
}

function keeps(schema: JsonSchema, value: unknown, root: JsonSchema): boolean {
  if (!allows(typesOf(schema), typeOf(value))) return false
  if (schema.enum && !schema.enum.some(each => each === value)) return false
  if (value === null) return true
  if (schema.$ref !== undefined) return keeps(resolve(root, schema.$ref), value, root)
  if (typeof value === 'number') return numberKeeps(schema, value)
  if (typeof value === 'string') return textKeeps(schema, value)
  if (Array.isArray(value)) return listKeeps(schema, value, root)
  return typeof value !== 'object' || objectKeeps(schema, value, root)
}

function numberKeeps(schema: JsonSchema, value: number): boolean {
  const {
    minimum = -Infinity,
    maximum = Infinity,
    exclusiveMinimum = -Infinity,
    exclusiveMaximum = Infinity,
  } = schema
  return value >= minimum && value <= maximum && value > exclusiveMinimum && value < exclusiveMaximum
}

function textKeeps({ minLength = 0, maxLength = Infinity, format }: JsonSchema, value: string): boolean {
  const characters = Array.from(value).length
  if (characters < minLength || characters > maxLength) return false
  if (format === 'date-time') return !Number.isNaN(Date.parse(value))
  return format !== 'bigint' || /^-?\d+$/.test(value)
}

function listKeeps(
  { minItems = 0, maxItems = Infinity, items }: JsonSchema,
  value: readonly unknown[],
  root: JsonSchema,
): boolean {
  if (value.length < minItems || value.length > maxItems) return false
  return !items || value.every(each => keeps(items, each, root))
}

function objectKeeps(
  { properties = {}, required = [] }: JsonSchema,
  value: object,
  root: JsonSchema,
): boolean {
  if (!required.every(field => Object.hasOwn(value, field))) return false
  return Object.entries(value).every(
    ([field, each]) => !Object.hasOwn(properties, field) || keeps(properties[field]!, each, root),
  )
}

/** The schema that a pointer names. */
function resolve(root: JsonSchema, pointer: string): JsonSchema {
  let schema: unknown = root
  for (const step of pointer.split('/').slice(1))
    schema = (schema as Record<string, unknown>)[step.replaceAll('~1', '/').replaceAll('~0', '~')]
  return schema as JsonSchema
}
