import {
  getMetadataStorage,
  validate,
  validateSync,
  type ValidationError as ClassValidatorError,
} from 'class-validator'
import { messageInfo, type Newable } from '../message/message.js'
import { ValidationError, type Violation } from './errors.js'

const OPTIONS = { forbidUnknownValues: false } as const
type Rules = 'none' | 'sync' | 'async'
const known = new WeakMap<object, Rules>()

/**
 * Checks a message against the class-validator rules of its class, all that need no waiting.
 *
 * @throws ValidationError that lists every violated rule
 */
export function validateMessage(message: object): void {
  if (rulesOf(message.constructor as Newable) === 'none') return
  const errors = validateSync(message, OPTIONS)
  if (errors.length > 0) refuse(message, errors)
}

/** Like {@link validateMessage}, and waits for asynchronous rules where the class has some. */
export function validateCommand(message: object): void | Promise<void> {
  if (rulesOf(message.constructor as Newable) !== 'async') return validateMessage(message)
  return validate(message, OPTIONS).then(errors => {
    if (errors.length > 0) refuse(message, errors)
  })
}

/** Whether a class has rules, and whether one of them is asynchronous. */
export function rulesOf(type: Newable): Rules {
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
      metadata.constraintCls &&
      storage.getTargetValidatorConstraints(metadata.constraintCls).some(constraint => constraint.async),
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
