import type { JsonScalar, JsonSchema } from './json-schema.js'
import { textOf, type Rule } from './rules.js'
import { TEXT_RULES } from './text-rules.js'
import { NOT_NULL } from './types.js'

type Arguments = readonly unknown[]
type Meaning = (args: Arguments) => JsonSchema | undefined

const number = (bounds: JsonSchema = {}): JsonSchema => ({ type: ['number'], ...bounds })
const text = (bounds: JsonSchema = {}): JsonSchema => ({ type: ['string'], ...bounds })
const list = (bounds: JsonSchema = {}): JsonSchema => ({ type: ['array'], ...bounds })
const bound = (key: keyof JsonSchema, value: unknown): JsonSchema =>
  typeof value === 'number' ? { [key]: value } : {}

/** What the rules say that JSON Schema has words for. None of them lets null through, nor a field that is missing. */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['isString', () => text()],
  ['isBoolean', () => ({ type: ['boolean'] })],
  ['isInt', () => ({ type: ['integer'] })],
  ['isArray', () => list()],
  ['isObject', () => ({ type: ['object'] })],
  ['isDefined', () => ({ type: NOT_NULL })],
  ['isPositive', () => number({ exclusiveMinimum: 0 })],
  ['isNegative', () => number({ exclusiveMaximum: 0 })],
  ['min', ([least]) => number(bound('minimum', least))],
  ['max', ([most]) => number(bound('maximum', most))],
  ['minLength', ([least]) => text(bound('minLength', least))],
  ['maxLength', ([most]) => text(bound('maxLength', most))],
  ['isLength', ([least, most]) => text({ ...bound('minLength', least), ...bound('maxLength', most) })],
  ['arrayNotEmpty', () => list({ minItems: 1 })],
  ['arrayMinSize', ([least]) => list(bound('minItems', least))],
  ['arrayMaxSize', ([most]) => list(bound('maxItems', most))],
  ['isIn', ([values]) => oneOf(values)],
  ['isEnum', ([values]) => oneOf(Object.values((values ?? {}) as object))],
  ['equals', ([value]) => oneOf([value])],
])

/** What a rule says of a value that JSON has as it is; undefined where only its text can be compared. @internal */
export function meaningOf(rule: Rule): JsonSchema | undefined {
  const own = { 'x-rules': [textOf(rule)] }
  if (TEXT_RULES.has(rule.name)) return text(own)
  switch (rule.name) {
    case 'isNumber':
      return number(isPlain(rule.args[0]) ? {} : own)
    case 'isDivisibleBy':
      return number(own)
    case 'arrayUnique':
    case 'arrayContains':
      return list(own)
    case 'isNotEmpty':
      return { type: NOT_NULL, ...own }
    default:
      return MEANINGS.get(rule.name)?.(rule.args)
  }
}

function oneOf(values: unknown): JsonSchema | undefined {
  if (!Array.isArray(values)) return undefined
  const isScalar = (value: unknown): value is JsonScalar =>
    ['string', 'number', 'boolean'].includes(typeof value)
  return values.every(isScalar) ? { enum: [...new Set(values)] } : undefined
}

/** Options that only say what JSON cannot hold: NaN, infinity. */
function isPlain(options: unknown): boolean {
  return ((options ?? {}) as { readonly maxDecimalPlaces?: number }).maxDecimalPlaces === undefined
}
