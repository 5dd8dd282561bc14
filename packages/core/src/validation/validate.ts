import {
  getMetadataStorage,
  validate,
  validateSync,
  ValidationTypes,
  type ValidationError as ClassValidatorError,
} from 'class-validator'
import { messageInfo, type Newable } from '../message/message.js'
import { ValidationError, type Violation } from './errors.js'
import { keepsAllRules } from './fast-rules.js'

const OPTIONS = { forbidUnknownValues: false } as const
type Rules = 'none' | 'sync' | 'async'
const known = new WeakMap<object, Rules>()

/**
 * Checks a message against the class-validator rules of its class, all that need no waiting.
 *
 * @throws ValidationError that lists every violated rule
 */
export function validateMessage(message: object): void {
  const type = classOf(message)
  if (rulesOf(type) === 'none' || keepsAllRules(type, message)) return
  const errors = validateSync(message, OPTIONS)
  if (errors.length > 0) refuse(message, errors)
}

/** Like {@link validateMessage}, and waits for asynchronous rules where the class has some. */
export function validateCommand(message: object): void | Promise<void> {
  if (rulesOf(classOf(message)) !== 'async') return validateMessage(message)
  return validate(message, OPTIONS).then(errors => {
    if (errors.length > 0) refuse(message, errors)
  })
}

/**
 * The class of a message. A property of its own called "constructor", as JSON from outside may have, would hide the rules.
 */
function classOf(message: object): Newable {
  if (Object.hasOwn(message, 'constructor')) {
    const reason = 'a property of this name is refused, it would hide the rules of the class'
    const type = (Object.getPrototypeOf(message) as object).constructor
    throw new ValidationError(messageInfo(type)?.name ?? type.name, [
      { path: 'constructor', rule: 'isAbsent', message: reason },
    ])
  }
  return message.constructor as Newable
}

/** Whether a class has rules, and whether one of them is asynchronous. */
function rulesOf(type: Newable): Rules {
  let rules = known.get(type)
  if (rules === undefined) known.set(type, (rules = readRules(type)))
  return rules
}

function readRules(type: Newable): Rules {
  const storage = getMetadataStorage()
  const metadatas = storage.getTargetValidationMetadatas(type, '', false, false)
  if (metadatas.length === 0) return 'none'
  const isAsync = metadatas.some(
    metadata =>
      // What is nested may have asynchronous rules; which class it is shows only in the value.
      metadata.type === ValidationTypes.NESTED_VALIDATION ||
      (metadata.constraintCls &&
        storage.getTargetValidatorConstraints(metadata.constraintCls).some(constraint => constraint.async)),
  )
  return isAsync ? 'async' : 'sync'
}

function refuse(message: object, errors: readonly ClassValidatorError[]): never {
  throw new ValidationError(
    messageInfo(message)?.name ?? message.constructor.name,
    errors.flatMap(error => violationsOf(error, '')),
  )
}

function violationsOf(error: ClassValidatorError, parent: string): readonly Violation[] {
  const step = /^\d+$/.test(error.property) ? `[${error.property}]` : error.property
  const path = parent === '' || step.startsWith('[') ? parent + step : `${parent}.${step}`
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({ path, rule, message }))
  return [...own, ...(error.children ?? []).flatMap(child => violationsOf(child, path))]
}
