import { fieldsOfPrototype } from './field.js'
import { flatJson } from './flat-json.js'
import { PayloadWriter } from './payload-writer.js'

/**
 * The JSON text of a payload, plain: Date as ISO text, bigint as decimal text, nested classes as objects.
 *
 * Guarantee: reading it gives an equal value. Properties that are undefined are left out, which reads the same; -0 is
 * written as 0. Methods, accessors of the class and private (`#`) members are no data.
 *
 * @param what - names the message in errors
 * @throws PayloadError that names the path, the value and the remedy
 */
export function encodePayload(payload: object, what: string): string {
  return flatPayload(payload) ?? new PayloadWriter(what).payload(payload)
}

function flatPayload(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return undefined
  const prototype = Object.getPrototypeOf(payload) as object | null
  if (prototype !== null && fieldsOfPrototype(prototype)) return undefined
  return Object.getOwnPropertySymbols(payload).length > 0 ? undefined : flatJson(payload)
}
