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
