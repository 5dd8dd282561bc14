import type { SqlText } from '../driver/database.js'
import { arrayText } from './array-text.js'

/** A parameter as SQL writes it: what `pg` accepts means the same here, and bigint is allowed. */
export function toSql(value: unknown): SqlText {
  if (value === null || value === undefined) return null
  switch (typeof value) {
    case 'string':
      return value
    case 'object':
      return objectToSql(value)
    case 'function':
    case 'symbol':
      throw new TypeError(`a ${typeof value} is no value for SQL`)
    default:
      return String(value as number | bigint | boolean)
  }
}

function objectToSql(value: object): string {
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new TypeError('an invalid Date is no value for SQL')
    return value.toISOString().replace(/^\+0*(?=\d{5})/, '')
  }
  if (ArrayBuffer.isView(value))
    return String.raw`\x` + Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')
  if (Array.isArray(value)) return arrayText(value.map(itemToSql))
  return JSON.stringify(value)
}

function itemToSql(item: unknown): SqlText | readonly unknown[] {
  return Array.isArray(item) ? item.map(itemToSql) : toSql(item)
}

/** A text of any origin, an error message for instance, without the one character that SQL cannot store. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\u{fffd}')
}
