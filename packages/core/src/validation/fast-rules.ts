import { getMetadataStorage, ValidationTypes } from 'class-validator'
import type { Newable } from '../message/message.js'
import { sureOf } from './own-rules.js'

type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number]
type Condition = (object: unknown, value: unknown) => boolean
type Check = (message: object, value: unknown) => boolean

/** The rules of one property. */
interface PropertyRules {
  readonly property: string
  readonly conditions: Condition[]
  readonly checks: Check[]
}

const compiled = new WeakMap<object, ((message: object) => boolean) | null>()

/**
 * True when a message keeps every rule of its class; false when it breaks one, or when only class-validator can tell.
 *
 * class-validator groups and copies the rules of a class anew for every object. Here they are looked up once, and its own
 * constraints are asked directly, and of these only what cannot be said at sight; whatever is more than a plain synchronous
 * rule of a property is left to it.
 */
export function keepsAllRules(type: Newable, message: object): boolean {
  let rules = compiled.get(type)
  if (rules === undefined) compiled.set(type, (rules = compile(type)))
  return rules !== null && rules(message)
}

function compile(type: Newable): ((message: object) => boolean) | null {
  const properties = new Map<string, PropertyRules>()
  for (const metadata of getMetadataStorage().getTargetValidationMetadatas(type, '', false, false)) {
    const { propertyName: property } = metadata
    let rules = properties.get(property)
    if (!rules) properties.set(property, (rules = { property, conditions: [], checks: [] }))
    if (metadata.type === ValidationTypes.CONDITIONAL_VALIDATION)
      rules.conditions.push(metadata.constraints[0] as Condition)
    else {
      const check = checkOf(type, metadata)
      if (!check) return null
      rules.checks.push(check)
    }
  }
  const all = [...properties.values()]
  return message => keepsAll(all, message)
}

/** A plain rule as a function; undefined for what only class-validator itself can check. */
function checkOf(type: Newable, metadata: Metadata): Check | undefined {
  const { type: kind } = metadata
  if (kind !== ValidationTypes.CUSTOM_VALIDATION && kind !== ValidationTypes.IS_DEFINED) return undefined
  if (metadata.each) return undefined
  const found = getMetadataStorage().getTargetValidatorConstraints(metadata.constraintCls)
  const [constraint] = found
  if (!constraint || found.length > 1 || constraint.async) return undefined
  const { instance } = constraint
  const { propertyName: property } = metadata
  const { name: targetName } = type
  const constraints = (metadata.constraints ?? []) as unknown[]
  const ask: Check = (object, value) =>
    instance.validate(value, { targetName, property, object, value, constraints }) === true
  const sure = sureOf({
    name: metadata.name,
    constraints,
    validate: value => ask({}, value),
    message: () =>
      instance.defaultMessage?.({ targetName, property, object: {}, value: undefined, constraints }),
  })
  return sure ? (object, value) => sure(value) || ask(object, value) : ask
}

// Loops, since a callback for every rule of every message was a quarter of what a command leaves to the garbage collector.
function keepsAll(all: readonly PropertyRules[], message: object): boolean {
  for (let i = 0; i < all.length; i++) if (!keeps(all[i]!, message)) return false
  return true
}

function keeps({ property, conditions, checks }: PropertyRules, message: object): boolean {
  const value = (message as Record<string, unknown>)[property]
  for (let i = 0; i < conditions.length; i++) if (!conditions[i]!(message, value)) return true
  for (let i = 0; i < checks.length; i++) if (!checks[i]!(message, value)) return false
  return true
}
