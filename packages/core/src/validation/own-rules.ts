import {
  isBoolean,
  isDefined,
  isInt,
  isNotEmpty,
  isPositive,
  isString,
  max,
  maxLength,
  min,
  minLength,
} from 'class-validator'

/** How a rule is asked. @internal */
export interface AskedRule {
  readonly name: string | undefined
  readonly constraints: readonly unknown[]
  readonly validate: (value: unknown) => boolean
  readonly message: () => string | undefined
}

/** Says of a value that it keeps a rule for sure. It may say false of one that keeps it too. @internal */
export type Sure = (value: unknown) => boolean

/** A rule of class-validator's own. */
interface OwnRule {
  /** What it says of itself, by which it is told from another rule of its name. */
  readonly message: string
  /** What it does. */
  readonly keeps: (value: unknown, ...constraints: never[]) => boolean
  /** What can be said without asking it. */
  readonly sure: (...constraints: never[]) => Sure
}

const OWN: Readonly<Record<string, OwnRule>> = {
  isDefined: {
    message: '$property should not be null or undefined',
    keeps: isDefined,
    sure: () => value => value !== undefined && value !== null,
  },
  isNotEmpty: {
    message: '$property should not be empty',
    keeps: isNotEmpty,
    sure: () => value => value !== '' && value !== undefined && value !== null,
  },
  isString: {
    message: '$property must be a string',
    keeps: isString,
    sure: () => value => typeof value === 'string',
  },
  isBoolean: {
    message: '$property must be a boolean value',
    keeps: isBoolean,
    sure: () => value => typeof value === 'boolean',
  },
  isInt: {
    message: '$property must be an integer number',
    keeps: isInt,
    sure: () => value => Number.isInteger(value),
  },
  isPositive: {
    message: '$property must be a positive number',
    keeps: isPositive as OwnRule['keeps'],
    sure: () => value => typeof value === 'number' && value > 0,
  },
  min: {
    message: '$property must not be less than $constraint1',
    keeps: min,
    sure: (least: number) => value =>
      typeof value === 'number' && typeof least === 'number' && value >= least,
  },
  max: {
    message: '$property must not be greater than $constraint1',
    keeps: max,
    sure: (most: number) => value => typeof value === 'number' && typeof most === 'number' && value <= most,
  },
  maxLength: {
    message: '$property must be shorter than or equal to $constraint1 characters',
    keeps: maxLength,
    // It counts no more characters than the text has units.
    sure: (most: number) => value =>
      typeof value === 'string' && typeof most === 'number' && value.length <= most,
  },
  minLength: {
    message: '$property must be longer than or equal to $constraint1 characters',
    keeps: minLength,
    // It counts up to three units as one character: a pair of surrogates with the sign behind it that says how to draw it.
    sure: (least: number) => value =>
      typeof value === 'string' && typeof least === 'number' && value.length >= least * 3,
  },
}

/** Values at which rules of one name that do different things are likely to differ. */
const PROBES: readonly unknown[] = [
  ...[undefined, null, true, false, 0, -0, 1, -1, 0.5, 2 ** 53, NaN, Infinity, -Infinity, 1n],
  ...['', ' ', 'a', '0', '1', 'text', 'Text', 'ä', '😀', '❤\ufe0f', '\ud800', '\n'],
  ...[[], ['a'], {}, new Date(0)],
]
const UNITS = ['a', ' ', 'ä', '漢', '😀', '❤\ufe0f']
const MAX_PROBED_LENGTH = 1000

/**
 * What can be said of values without asking a rule, where it is one of class-validator's own; undefined for all others. Its
 * decorators leave no other trace than a name, so a rule counts as its own when it bears the name, says the message, and
 * answers every probe as it does.
 *
 * @internal
 */
export function sureOf(rule: AskedRule): Sure | undefined {
  const { name, constraints } = rule
  const own = name !== undefined && Object.hasOwn(OWN, name) ? OWN[name] : undefined
  if (!own) return undefined
  const given = constraints as never[]
  try {
    if (rule.message() !== own.message) return undefined
    for (const probe of [...PROBES, ...constraints.flatMap(probesAround)])
      if (rule.validate(probe) !== own.keeps(probe, ...given)) return undefined
  } catch {
    return undefined
  }
  return own.sure(...given)
}

/** Values around a limit. */
function probesAround(limit: unknown): readonly unknown[] {
  if (typeof limit !== 'number') return []
  const numbers = [limit - 1, limit - 0.5, limit, limit + 0.5, limit + 1]
  const lengths = numbers.filter(n => Number.isInteger(n) && n >= 0 && n <= MAX_PROBED_LENGTH)
  return [...numbers, ...lengths.flatMap(n => UNITS.map(unit => unit.repeat(n)))]
}
