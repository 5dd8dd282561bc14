/** @type {ReadonlyArray<{ pattern: RegExp, why: string }>} */
const forbidden = [
  { pattern: /(?<![\w.~/:@-])\/(?:work|root|home|Users)\/[^\s'"`)]*/g, why: 'a path of one machine' },
  { pattern: /\b[A-Z]:\\Users\\[^\s'"`)]*/g, why: 'a path of one machine' },
  { pattern: /https?:\/\/[^\s'"`)/]*\bregistry\b[^\s'"`)]*/g, why: "a package registry's address" },
  { pattern: /https?:\/\/[^\s'"`)]+\.tgz\b/g, why: "a package's download address" },
]

/**
 * Finds text that holds on one machine only and has no place in a public repository.
 *
 * @param {string} text
 * @returns {Array<{ line: number, found: string, why: string }>}
 */
export function privateText(text) {
  return forbidden.flatMap(({ pattern, why }) =>
    Array.from(text.matchAll(pattern), match => ({
      line: text.slice(0, match.index).split('\n').length,
      found: match[0],
      why,
    })),
  )
}
