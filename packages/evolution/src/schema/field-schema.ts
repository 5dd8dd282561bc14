import type { FieldShape } from '@hindcast/core'
import { intersect, nullable } from './intersect.js'
import type { JsonSchema } from './json-schema.js'
import { meaningOf } from './rule-schema.js'
import { textOf, type FieldRules, type Rule } from './rules.js'

/** What is known of one field. @internal */
export interface FieldDraft {
  readonly schema: JsonSchema
  readonly required: boolean
}

/**
 * The schema of a nested class.
 *
 * @param checked - whether class-validator sees it
 * @param steps - the way from the field to it, as the end of a JSON pointer
 * @internal
 */
export type NestedSchema = (
  shape: FieldShape & { kind: 'class' },
  checked: boolean,
  steps: string,
) => JsonSchema

const NO_RULES: FieldRules = { optional: false, nested: 'no', rules: [] }

/** The schema of one field from what `@Field` and class-validator say of it. @internal */
export function fieldSchema(
  shape: FieldShape | undefined,
  { optional, nested, rules }: FieldRules = NO_RULES,
  nestedSchema: NestedSchema,
): FieldDraft {
  let schema = shapeSchema(shape, nested === 'yes', nestedSchema, '')
  const refusing: boolean[] = [] // a rule with a meaning refuses null, and undefined too
  const opaque: string[] = []
  // Under a condition the rules of what is nested cannot be part of the schema; a change of them still shows in the text.
  if (nested === 'if') opaque.push(`if: nested ${JSON.stringify(shapeSchema(shape, true, nestedSchema, ''))}`)
  const isList = shape?.kind === 'list' || rules.some(rule => !rule.each && meansList(rule))
  for (const rule of rules) {
    const meaning = rule.conditional ? undefined : meaningIn(shape, rule, isList)
    if (meaning) schema = intersect(schema, meaning)
    else opaque.push(`${rule.conditional ? 'if: ' : ''}${rule.each ? 'each ' : ''}${textOf(rule)}`)
    refusing.push(meaning !== undefined)
  }
  if (nested === 'yes' && !knowsNested(shape))
    schema = intersect(schema, { type: ['array', 'object'], 'x-rules': ['nested'] })
  const required = !optional && refusing.includes(true)
  const always = optional || required ? '' : 'always '
  if (opaque.length > 0) schema = intersect(schema, { 'x-rules': opaque.map(rule => always + rule) })
  return { schema: optional || !(nested === 'yes' || required) ? nullable(schema) : schema, required }
}

/** What the reader can rebuild, but for null: that it passes on. */
function shapeSchema(
  shape: FieldShape | undefined,
  checked: boolean,
  nestedSchema: NestedSchema,
  steps: string,
): JsonSchema {
  switch (shape?.kind) {
    case undefined:
      return {}
    case 'date':
      return { type: ['string'], format: 'date-time' }
    case 'bigint':
      return { type: ['string'], format: 'bigint' }
    case 'class':
      return nestedSchema(shape, checked, steps)
    case 'list': {
      const items = shapeSchema(shape.of(), checked, nestedSchema, `${steps}/items`)
      return { type: ['array'], items: checked ? items : nullable(items) }
    }
  }
}

/** What a rule says of the value that it sees, which `@Field` may have rebuilt; undefined where only its text is known. */
function meaningIn(shape: FieldShape | undefined, rule: Rule, isList: boolean): JsonSchema | undefined {
  if (rule.each) {
    const items = isList
      ? meaningIn(shape?.kind === 'list' ? shape.of() : undefined, { ...rule, each: false }, false)
      : undefined
    return items && { items: shape?.kind === 'list' ? { type: shapeTypes(shape.of()), ...items } : items }
  }
  if (shape === undefined) return meaningOf(rule)
  if (rule.name === 'isDefined' || rule.name === 'isNotEmpty') return {}
  switch (shape.kind) {
    case 'date':
      if (rule.name === 'isDate') return {}
      return rule.name === 'minDate' || rule.name === 'maxDate' ? { 'x-rules': [textOf(rule)] } : undefined
    case 'class':
      if (rule.name === 'isObject') return {}
      return rule.name === 'isInstance' ? { 'x-rules': [textOf(rule)] } : undefined
    case 'list':
      return meansList(rule) ? meaningOf(rule) : undefined
    case 'bigint':
      return undefined
  }
}

/** The types without null, which a rule for each element refuses. */
function shapeTypes(shape: FieldShape): NonNullable<JsonSchema['type']> {
  return [shape.kind === 'class' ? 'object' : shape.kind === 'list' ? 'array' : 'string']
}

function meansList(rule: Rule): boolean {
  const types = meaningOf(rule)?.type
  return types?.length === 1 && types[0] === 'array'
}

function knowsNested(shape: FieldShape | undefined): boolean {
  return shape?.kind === 'class' || (shape?.kind === 'list' && knowsNested(shape.of()))
}
