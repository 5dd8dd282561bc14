import type { Newable } from '../message/message.js'
import { PayloadError } from './errors.js'
import { PayloadReader } from './payload-reader.js'
import { shown } from './shown.js'

/**
 * The payload of a JSON text as an instance of its class. Its constructor does not run, and fields that the class does not
 * know are kept.
 *
 * @param what - names the message in errors
 * @throws PayloadError when the text is no JSON object, or a value cannot be what @Field says
 */
export function decodePayload<T extends object>(type: Newable<T>, data: string, what: string): T {
  return new PayloadReader(what, 'in place').object(type.prototype as object, parseObject(data, what)) as T
}

/**
 * Plain data as an instance of its class; values that are rebuilt already are kept, and the data itself is not changed.
 *
 * @param what - names the message in errors
 * @throws PayloadError when a value cannot be what @Field says
 */
export function revivePayload<T extends object>(type: Newable<T>, plain: object, what: string): T {
  return new PayloadReader(what, 'as a copy').object(type.prototype as object, plain) as T
}

/** The JSON object of a text. @throws PayloadError when it is damaged or no object */
export function parseObject(data: string, what: string): object {
  let plain: unknown
  try {
    plain = JSON.parse(data)
  } catch (cause) {
    throw new PayloadError(what, '', `the data is no JSON: ${shown(data)}`, { cause })
  }
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain))
    throw new PayloadError(what, '', `the data is JSON, but no object: ${shown(plain)}`)
  return plain
}
