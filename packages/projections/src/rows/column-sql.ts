import type { ColumnType, ColumnValue } from '@hindcast/core'
import { timeFromSql } from '../value/from-sql.js'

/** How the values of one column type go to SQL and come back, without loss. */
export interface ColumnSql {
  /** The type in a table. */
  readonly declaration: string
  /** A value as text. */
  readonly write: (value: Exclude<ColumnValue, null>) => string
  /** A value from text; undefined: the text is not what this library writes. */
  readonly read: (text: string) => Exclude<ColumnValue, null>
  /** What stands in a row that is only there to be locked. */
  readonly empty: string
}

const plain = (value: Exclude<ColumnValue, null>): string =>
  String(value as string | number | bigint | boolean)
const asIs = (text: string): string => text

/** Every column type. Text is compared by code points, so that the order of keys is the same on every server. */
export const COLUMN_SQL: { readonly [C in ColumnType]: ColumnSql } = {
  text: { declaration: 'text collate "C"', write: plain, read: asIs, empty: "''" },
  integer: { declaration: 'integer', write: plain, read: Number, empty: '0' },
  bigint: { declaration: 'bigint', write: plain, read: BigInt, empty: '0' },
  'double precision': { declaration: 'double precision', write: plain, read: Number, empty: '0' },
  boolean: { declaration: 'boolean', write: plain, read: text => text === 't', empty: 'false' },
  timestamptz: {
    declaration: 'timestamptz',
    write: value => (value as Date).toISOString(),
    read: text => timeFromSql(text) as Date,
    empty: "'epoch'",
  },
  jsonb: {
    declaration: 'jsonb',
    write: value => JSON.stringify(value),
    read: text => JSON.parse(text) as object,
    empty: "'{}'",
  },
  uuid: {
    declaration: 'uuid',
    write: plain,
    read: asIs,
    empty: "'00000000-0000-0000-0000-000000000000'",
  },
}

const INTEGER = /^(0|-?[1-9]\d{0,18})$/
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Whether any row can have the key: text that is not how SQL writes a value of the key's type names none. */
export function isKeyOf(type: ColumnType, key: string): boolean {
  switch (type) {
    case 'integer':
      return INTEGER.test(key) && BigInt.asIntN(32, BigInt(key)) === BigInt(key)
    case 'bigint':
      return INTEGER.test(key) && BigInt.asIntN(64, BigInt(key)) === BigInt(key)
    case 'uuid':
      return UUID.test(key)
    default:
      return true
  }
}
