import { encodePayload } from '../payload/encode.js'
import { CommandResultError } from './errors.js'

const OPEN = '{"value":'

/**
 * The JSON text of a handler's result; undefined for none.
 *
 * @throws CommandResultError when it would not come back equal
 */
export function encodeResult(command: string, result: unknown): string | undefined {
  if (result === undefined) return undefined
  try {
    return encodePayload({ value: result }, `result of ${command}`).slice(OPEN.length, -1)
  } catch (cause) {
    throw new CommandResultError(command, cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

/** The result of a JSON text. */
export function decodeResult(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text)
}
