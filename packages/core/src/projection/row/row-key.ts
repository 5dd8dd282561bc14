import { shown, textProblem } from './column-value-problem.js'
import type { ColumnType } from '../declare/column-types.js'

/** The longest key of a row, in characters: it must fit into an index of every database. */
const MAX_ROW_KEY_LENGTH = 500

/** What is wrong with the key of a row; undefined when it is one. @internal */
export function rowKeyProblem(key: unknown): string | undefined {
  if (typeof key !== 'string') return `${shown(key)}, and a row's key is named as text`
  if (key.length === 0) return 'an empty key'
  if (key.length > MAX_ROW_KEY_LENGTH)
    return `a key of ${key.length} characters, the limit is ${MAX_ROW_KEY_LENGTH}`
  return textProblem(key) && `the key ${shown(key)}, which has a NUL character or half a surrogate pair`
}

/** The order of rows by their keys: whole numbers by value, text by code points, in every store. */
export function compareKeys(type: ColumnType, a: string, b: string): number {
  if (type !== 'integer' && type !== 'bigint') return compareCodePoints(a, b)
  const left = BigInt(a)
  const right = BigInt(b)
  return left < right ? -1 : left > right ? 1 : 0
}

/** UTF-16 order, but for surrogates: they stand for code points above all others. */
function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i)
    const right = b.charCodeAt(i)
    if (left !== right) {
      const astral = Number(isSurrogate(left)) - Number(isSurrogate(right))
      return astral || left - right
    }
  }
  return a.length - b.length
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff
}
