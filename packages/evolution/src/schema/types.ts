import type { JsonSchema, JsonType } from './json-schema.js'

const ANY_VALUE: readonly JsonType[] = ['array', 'boolean', 'number', 'object', 'string']

/** Every type but null. @internal */
export const NOT_NULL: readonly JsonType[] = ANY_VALUE

/** The types that a schema allows. @internal */
export function typesOf({ type }: JsonSchema): readonly JsonType[] {
  return type ?? [...ANY_VALUE, 'null']
}

/** Whether a schema that allows these types allows that one. @internal */
export function allows(types: readonly JsonType[], type: JsonType): boolean {
  return types.includes(type) || (type === 'integer' && types.includes('number'))
}

/** The type of a value; `integer` where it has no fraction. @internal */
export function typeOf(value: unknown): JsonType {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value as JsonType
}
