import type { JsonSchema } from './json-schema.js'
import { allows, typesOf } from './types.js'

interface Bound {
  readonly at: number
  readonly open: boolean
}

/** Bounds and formats of the first schema that let more through than those of the second, as clauses. @internal */
export function refusedBounds(given: JsonSchema, wanted: JsonSchema): string[] {
  const types = typesOf(given)
  const reasons: string[] = []
  if (allows(types, 'integer') || types.includes('integer')) reasons.push(...refusedNumbers(given, wanted))
  if (types.includes('string')) {
    reasons.push(...refusedSizes(given, wanted, 'minLength', 'maxLength', 'characters'))
    if (wanted.format && given.format !== wanted.format)
      reasons.push(`may be any text, but must be a ${wanted.format}`)
  }
  if (types.includes('array'))
    reasons.push(...refusedSizes(given, wanted, 'minItems', 'maxItems', 'elements'))
  return reasons
}

function refusedNumbers(given: JsonSchema, wanted: JsonSchema): readonly string[] {
  const [least, most] = [lowest(given), highest(given)]
  const [atLeast, atMost] = [lowest(wanted), highest(wanted)]
  const reasons: string[] = []
  if (least.at < atLeast.at || (least.at === atLeast.at && atLeast.open && !least.open))
    reasons.push(
      `may be ${shown(least, 'down to', 'above')}, but must be ${shown(atLeast, 'at least', 'above')}`,
    )
  if (most.at > atMost.at || (most.at === atMost.at && atMost.open && !most.open))
    reasons.push(`may be ${shown(most, 'up to', 'below')}, but must be ${shown(atMost, 'at most', 'below')}`)
  return reasons
}

function refusedSizes(
  given: JsonSchema,
  wanted: JsonSchema,
  min: 'minLength' | 'minItems',
  max: 'maxLength' | 'maxItems',
  what: string,
): readonly string[] {
  const reasons: string[] = []
  const least = given[min] ?? 0
  const most = given[max] ?? Infinity
  if (least < (wanted[min] ?? 0))
    reasons.push(`may have only ${least} ${what}, but must have at least ${wanted[min]}`)
  if (most > (wanted[max] ?? Infinity))
    reasons.push(
      `may have ${most === Infinity ? 'any number of' : most} ${what}, but must have at most ${wanted[max]}`,
    )
  return reasons
}

function lowest({ minimum = -Infinity, exclusiveMinimum = -Infinity }: JsonSchema): Bound {
  return {
    at: Math.max(minimum, exclusiveMinimum),
    open: exclusiveMinimum >= minimum && exclusiveMinimum > -Infinity,
  }
}

function highest({ maximum = Infinity, exclusiveMaximum = Infinity }: JsonSchema): Bound {
  return {
    at: Math.min(maximum, exclusiveMaximum),
    open: exclusiveMaximum <= maximum && exclusiveMaximum < Infinity,
  }
}

function shown({ at, open }: Bound, closedWord: string, openWord: string): string {
  return Number.isFinite(at) ? `${open ? openWord : closedWord} ${at}` : 'any number'
}
