import { encodePayload } from '../payload/encode.js'
import { flatJson } from '../payload/flat-json.js'
import { CommandResultError } from './errors.js'

const OPEN = '{"value":'

/** A handler's result. @internal */
export interface EncodedResult {
  /** As JSON; undefined for none. */
  readonly text: string | undefined
  /** As it comes back from the text: the handler may go on with what it returned. */
  readonly value: unknown
}

const NONE: EncodedResult = { text: undefined, value: undefined }

/**
 * A handler's result as JSON, and what comes back from it.
 *
 * @throws CommandResultError when it would not come back equal
 */
export function encodeResult(command: string, result: unknown): EncodedResult {
  if (result === undefined) return NONE
  const copy = flatCopy(result)
  if (copy) {
    const text = flatJson(copy)
    if (text !== undefined) return { text, value: copy }
  }
  try {
    const text = encodePayload({ value: result }, `result of ${command}`).slice(OPEN.length, -1)
    return { text, value: decodeResult(text) }
  } catch (cause) {
    throw new CommandResultError(command, cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

/** The result of a JSON text. */
export function decodeResult(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text)
}

/** What comes back of a plain object from its JSON text, where no value has parts; undefined for everything else. */
function flatCopy(result: unknown): Record<string, unknown> | undefined {
  if (typeof result !== 'object' || result === null) return undefined
  const prototype = Object.getPrototypeOf(result) as object | null
  if (prototype !== Object.prototype && prototype !== null) return undefined
  if (Object.getOwnPropertySymbols(result).length > 0) return undefined
  const copy: Record<string, unknown> = {}
  // Unlike Object.keys, this makes no list.
  for (const key in result) {
    if (!Object.hasOwn(result, key)) continue
    const value = (result as Record<string, unknown>)[key]
    if (key === '__proto__' || (typeof value === 'object' && value !== null)) return undefined
    // JSON has no -0.
    if (value !== undefined) copy[key] = value === 0 ? 0 : value
  }
  return copy
}
