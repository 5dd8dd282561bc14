import {
  getMetadataStorage,
  IsBoolean,
  IsDefined,
  IsInt,
  IsNotEmpty,
  IsPositive,
  IsString,
  Max,
  MaxLength,
  Min,
  MinLength,
  registerDecorator,
  validateSync,
} from 'class-validator'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sureOf } from '../../src/validation/own-rules.js'
import { validateMessage } from '../../src/validation/validate.js'

type Rule = (target: object, property: string) => void

const units = ['a', 'ä', '漢', '😀', '❤\ufe0f', '\ufe0f', '\ufe0e', '\ud800', '\udc00', ' ']
const text = fc.array(fc.constantFrom(...units), { maxLength: 14 }).map(parts => parts.join(''))
const values = fc.oneof(
  text,
  fc.integer({ min: -4, max: 12 }),
  fc.double(),
  fc.boolean(),
  fc.bigInt(),
  text.map(each => Object(each) as unknown),
  fc.constantFrom<unknown>(null, undefined, [], ['a'], {}, new Date(0), Object(3), Object(true), -0, 3.5),
)
const limits = fc.oneof(fc.integer({ min: -1, max: 9 }), fc.constantFrom(3.5, NaN, Infinity))
const rules = fc.oneof(
  fc.constantFrom<Rule>(IsDefined(), IsNotEmpty(), IsString(), IsBoolean(), IsInt(), IsPositive()),
  limits.map(limit => Max(limit) as Rule),
  limits.map(limit => Min(limit) as Rule),
  limits.map(limit => MaxLength(limit) as Rule),
  limits.map(limit => MinLength(limit) as Rule),
)

const isRefused = (message: object): boolean => {
  try {
    validateMessage(message)
    return false
  } catch {
    return true
  }
}

/** What class-validator asks for the rules of a class. */
function constraintsOf(target: object) {
  const storage = getMetadataStorage()
  return storage
    .getTargetValidationMetadatas(target.constructor, '', false, false)
    .flatMap(({ constraintCls }) => storage.getTargetValidatorConstraints(constraintCls))
}

/** A class with a rule. */
function ruled(rule: Rule): new () => object {
  class Ruled {
    value: unknown = undefined
  }
  rule(Ruled.prototype, 'value')
  return Ruled
}

/** A rule that says of itself what class-validator's own rule of the name says. */
const impostor =
  (
    name: string,
    message: string,
    constraints: readonly unknown[],
    validate: (value: never) => boolean,
  ): Rule =>
  (target, propertyName) =>
    registerDecorator({
      name,
      target: target.constructor,
      propertyName,
      constraints: [...constraints],
      validator: { validate: (value: never) => validate(value), defaultMessage: () => message },
    })

describe('a rule of class-validator', () => {
  it('refuses here what it refuses there', () => {
    fc.assert(
      fc.property(rules, fc.array(values, { minLength: 5, maxLength: 25 }), (rule, list) => {
        const type = ruled(rule)
        for (const value of list) {
          const message = Object.assign(new type(), { value })
          expect(isRefused(message)).toBe(validateSync(message, { forbidUnknownValues: false }).length > 0)
        }
      }),
      { numRuns: 300 },
    )
  })

  it.each<[string, Rule, unknown]>([
    ['isDefined', IsDefined(), 0],
    ['isNotEmpty', IsNotEmpty(), 'a'],
    ['isString', IsString(), 'a'],
    ['isBoolean', IsBoolean(), false],
    ['isInt', IsInt(), 1],
    ['isPositive', IsPositive(), 1],
    ['max', Max(3), 3],
    ['min', Min(3), 3],
    ['maxLength', MaxLength(3), 'abc'],
    ['minLength', MinLength(3), 'abcabcabc'],
  ])('is not asked about what can be said at sight: %s', (name, rule, value) => {
    const asked: unknown[] = []
    const seen: Rule = (target, property) => {
      rule(target, property)
      const { instance } = constraintsOf(target)[0]!
      const validate = instance.validate.bind(instance)
      instance.validate = (each, args) => {
        asked.push(each)
        return validate(each, args)
      }
    }
    const type = ruled(seen)
    expect(isRefused(Object.assign(new type(), { value }))).toBe(false)
    const probes = asked.length
    expect(probes, name).toBeGreaterThan(20)
    expect(isRefused(Object.assign(new type(), { value }))).toBe(false)
    expect(asked).toHaveLength(probes)
  })
})

describe('a rule of somebody else is asked every time', () => {
  it.each<[string, Rule, unknown]>([
    ['with a message of its own', impostor('isInt', 'no leap year', [], (v: number) => v % 4 === 0), 3],
    [
      'with the message, but other limits',
      impostor('isInt', '$property must be an integer number', [], (v: number) => v === 7),
      3,
    ],
    [
      'that counts bytes',
      impostor(
        'maxLength',
        '$property must be shorter than or equal to $constraint1 characters',
        [4],
        (v: unknown) => typeof v === 'string' && Buffer.byteLength(v) <= 4,
      ),
      'ääää',
    ],
    [
      'that counts without the spaces around',
      impostor(
        'minLength',
        '$property must be longer than or equal to $constraint1 characters',
        [2],
        (v: unknown) => typeof v === 'string' && v.trim().length >= 2,
      ),
      ' '.repeat(9),
    ],
    [
      'that throws',
      impostor('isString', '$property must be a string', [], (v: string) => v.length > 3),
      'abc',
    ],
  ])('%s', (_, rule, value) => {
    const type = ruled(rule)
    expect(isRefused(Object.assign(new type(), { value }))).toBe(true)
  })

  it('with a name that nobody gave, or that every object has', () => {
    for (const name of [undefined, 'toString', '__proto__'])
      expect(sureOf({ name, constraints: [], validate: () => true, message: () => '' })).toBeUndefined()
  })
})
