import { inspect, isDeepStrictEqual } from 'node:util'
import { ScenarioFailedError } from './errors.js'

const SHOW = { depth: 6, sorted: true, breakLength: 100 } as const

/** What is compared, and what to look at when it differs. */
export interface Comparison {
  readonly what: string
  readonly hint: string
}

/** @throws ScenarioFailedError that names the first path at which the two differ, with both values */
export function assertSame(actual: unknown, expected: unknown, comparison: Comparison): void {
  const difference = firstDifference(actual, expected, '')
  if (!difference) return
  const at = difference.path === '' ? '' : ` at ${difference.path.replace(/^\./, '')}`
  throw new ScenarioFailedError(
    `${comparison.what} differs${at}: found ${inspect(difference.actual, SHOW)}, expected ${inspect(difference.expected, SHOW)}; ${comparison.hint}`,
  )
}

interface Difference {
  readonly path: string
  readonly actual: unknown
  readonly expected: unknown
}

function firstDifference(actual: unknown, expected: unknown, path: string): Difference | undefined {
  if (isDeepStrictEqual(actual, expected)) return undefined
  if (!isBranch(actual) || !isBranch(expected) || prototypeOf(actual) !== prototypeOf(expected))
    return { path, actual, expected }
  const isList = Array.isArray(actual)
  for (const key of new Set([...Object.keys(actual), ...Object.keys(expected)])) {
    const step = isList ? `[${key}]` : `.${key}`
    const inner = firstDifference(actual[key], expected[key], path + step)
    if (inner) return inner
  }
  // Equal but for properties that are present and undefined on one side only: not a difference to a reader of events.
  return isList || prototypeOf(actual) === Map.prototype || prototypeOf(actual) === Set.prototype
    ? { path, actual, expected }
    : undefined
}

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Date)
}

function prototypeOf(value: object): unknown {
  return Object.getPrototypeOf(value)
}
