import { isWellFormed } from '../store/stream-id.js'

/** What JSON escapes in a text, and surrogates, whole or half. */
// eslint-disable-next-line no-control-regex
const SPECIAL = /["\\\u0000-\u001f\ud800-\udfff]/

/** A text as JSON; undefined when it has half of a surrogate pair, which would not survive UTF-8. @internal */
export function quoted(text: string): string | undefined {
  // Nearly every text needs no escape: one test and two joins cost less than a call of JSON.stringify.
  if (!SPECIAL.test(text)) return `"${text}"`
  return isWellFormed(text) ? JSON.stringify(text) : undefined
}

/** A property's name as JSON, with its colon; undefined when it has half of a surrogate pair. @internal */
export function quotedName(name: string): string | undefined {
  const known = names.get(name)
  if (known !== undefined) return known
  const text = quoted(name)
  if (text === undefined) return undefined
  if (name.length <= MAX_KEPT_LENGTH && names.size < MAX_KEPT) names.set(name, `${text}:`)
  return `${text}:`
}

// The names of fields are few and come again and again; those of dictionaries may be any number, so there is a limit.
const MAX_KEPT = 10_000
const MAX_KEPT_LENGTH = 64
const names = new Map<string, string>()
