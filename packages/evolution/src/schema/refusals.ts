import { accepts } from './accepts.js'
import type { JsonSchema } from './json-schema.js'
import { refusedBounds } from './refused-bounds.js'
import { allows, typesOf } from './types.js'

/** Why some value of one schema is refused by another. */
export interface Refusal {
  /** Where: `cents`, `lines[].price`; empty for the payload itself. */
  readonly path: string
  /** As a clause: `may be a string, but must be an integer`. */
  readonly reason: string
}

/**
 * Every reason why a value that keeps the first schema may be refused by the second; none means that all pass. It errs on one
 * side only: it may refuse what would pass, and never passes what would be refused. A field that the first schema does not
 * name counts as missing.
 *
 * @see docs/reference/schema-lock.md
 */
export function refusals(given: JsonSchema, wanted: JsonSchema): readonly Refusal[] {
  return compare(given, wanted, '')
}

function compare(given: JsonSchema, wanted: JsonSchema, path: string): readonly Refusal[] {
  const reasons = given.enum
    ? refusedValues(given.enum, wanted)
    : [...refusedTypes(given, wanted), ...refusedBounds(given, wanted)]
  if (!given.enum && wanted.enum) reasons.push(`may be anything, but must be one of ${list(wanted.enum)}`)
  reasons.push(...refusedRules(given, wanted))
  const own = reasons.map(reason => ({ path, reason }))
  if (given.$ref !== wanted.$ref)
    return [...own, { path, reason: 'contains itself in another way than before' }]
  const types = typesOf(given).filter(type => allows(typesOf(wanted), type))
  return [
    ...own,
    ...(types.includes('array') && wanted.items ? compare(given.items ?? {}, wanted.items, `${path}[]`) : []),
    ...(types.includes('object') ? compareFields(given, wanted, path) : []),
  ]
}

function compareFields(given: JsonSchema, wanted: JsonSchema, path: string): readonly Refusal[] {
  const at = (field: string): string => (path === '' ? field : `${path}.${field}`)
  const missing = (wanted.required ?? [])
    .filter(field => !given.required?.includes(field))
    .map(field => ({ path: at(field), reason: 'may be missing, but is required' }))
  const fields = Object.entries(wanted.properties ?? {}).flatMap(([field, own]) =>
    given.properties && Object.hasOwn(given.properties, field)
      ? compare(given.properties[field]!, own, at(field))
      : alwaysRules(own).map(rule => ({ path: at(field), reason: `may be missing, but must keep ${rule}` })),
  )
  return [...missing, ...fields]
}

function refusedTypes(given: JsonSchema, wanted: JsonSchema): string[] {
  const left = typesOf(given).filter(type => !allows(typesOf(wanted), type))
  return left.length > 0 ? [`may be ${left.join(' or ')}, but must be ${typesOf(wanted).join(' or ')}`] : []
}

function refusedValues(values: NonNullable<JsonSchema['enum']>, wanted: JsonSchema): string[] {
  const left = values.filter(value => !accepts(wanted, value))
  if (left.length === 0) return []
  const must = wanted.enum ? `one of ${list(wanted.enum)}` : described(wanted)
  return [`may be ${list(left)}, but must be ${must}`]
}

function refusedRules(given: JsonSchema, wanted: JsonSchema): readonly string[] {
  const kept = new Set(given['x-rules']?.flatMap(rule => [rule, rule.replace(/^always /, '')]))
  return (wanted['x-rules'] ?? [])
    .filter(rule => !kept.has(rule))
    .map(rule => `need not keep ${rule}, but must`)
}

function alwaysRules(schema: JsonSchema): readonly string[] {
  return (schema['x-rules'] ?? []).filter(rule => rule.startsWith('always '))
}

function described(schema: JsonSchema): string {
  const { properties: _, items: __, 'x-rules': ___, type, ...bounds } = schema
  const limits = Object.entries(bounds).map(([key, value]) => `${key} ${JSON.stringify(value)}`)
  return [(type ?? []).join(' or '), ...limits].filter(word => word !== '').join(', ')
}

function list(values: readonly unknown[]): string {
  return values.map(value => JSON.stringify(value)).join(', ') || 'nothing'
}
