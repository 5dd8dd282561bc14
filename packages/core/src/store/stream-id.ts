import { LIMITS } from './limits.js'
import { StreamIdError } from './errors.js'

const CATEGORY = /^[a-z][a-z0-9_]{0,99}$/
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/
const CLEAN = /^[a-z][a-z0-9_]{0,99}-[\x21-\x7e]{1,200}$/

/** True when the text can be a category: `[a-z][a-z0-9_]*`, no hyphen, at most 100 characters. */
export function isCategory(text: string): boolean {
  return CATEGORY.test(text)
}

/**
 * The stream id of a category and a key: `account` and `acc-1` make `account-acc-1`.
 *
 * @throws StreamIdError when the category is not `[a-z][a-z0-9_]*`, or the key is empty, longer than 200 characters, has
 *   a control character or a lone surrogate.
 */
export function streamId(category: string, key: string): string {
  if (typeof key !== 'string')
    throw new StreamIdError(`${category}-${String(key)}`, 'the key is not a string')
  const stream = `${category}-${key}`
  checkStreamId(stream)
  return stream
}

/** Splits a stream id at its first hyphen. @throws StreamIdError when it is none. */
export function parseStreamId(stream: string): { readonly category: string; readonly key: string } {
  checkStreamId(stream)
  const hyphen = stream.indexOf('-')
  return { category: stream.slice(0, hyphen), key: stream.slice(hyphen + 1) }
}

/** Refuses what is no stream id. @throws StreamIdError that says what is wrong. */
export function checkStreamId(stream: string): void {
  if (typeof stream !== 'string') throw new StreamIdError(String(stream), 'it is not a string')
  if (CLEAN.test(stream)) return
  const hyphen = stream.indexOf('-')
  if (hyphen < 0) throw new StreamIdError(stream, 'it has no hyphen; a stream id is <category>-<key>')
  if (!isCategory(stream.slice(0, hyphen)))
    throw new StreamIdError(
      stream,
      `its category must be a small letter, then small letters, digits and _, at most ${LIMITS.maxCategoryLength} characters`,
    )
  const key = stream.slice(hyphen + 1)
  if (key.length === 0) throw new StreamIdError(stream, 'its key is empty')
  if (key.length > LIMITS.maxKeyLength)
    throw new StreamIdError(
      stream,
      `its key has ${key.length} characters, the limit is ${LIMITS.maxKeyLength}`,
    )
  if (CONTROL.test(key)) throw new StreamIdError(stream, 'its key has a control character')
  if (!isWellFormed(key)) throw new StreamIdError(stream, 'its key has half of a surrogate pair')
}

/** False for a text with a lone surrogate, which would not survive UTF-8. */
export function isWellFormed(text: string): boolean {
  // In Node since version 20; not yet in the ES2023 library of the compiler.
  return (text as string & { isWellFormed(): boolean }).isWellFormed()
}
