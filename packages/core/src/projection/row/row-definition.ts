import type { Newable } from '../../message/message.js'
import type { ColumnType } from '../declare/column-types.js'
import { columnValue } from './column-values.js'
import { columnDeclarations, keyDeclarations, type ColumnDeclaration } from '../declare/declarations.js'

/** One column of a row class. */
export interface ColumnDefinition {
  /** The property and the column's name. */
  readonly name: string
  /** The column's SQL type. */
  readonly type: ColumnType
  /** True when the column may hold null. */
  readonly nullable: boolean
}

/** What a row class says about its table. */
export interface RowDefinition {
  /** The column's SQL type. */
  readonly type: Newable
  /** In the order written. */
  readonly columns: readonly ColumnDefinition[]
  /** The column that is the row's key. */
  readonly key: ColumnDefinition
  /** What is wrong with it; empty when it can be used. */
  readonly problems: readonly string[]
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/
const KEY_TYPES: readonly ColumnType[] = ['text', 'uuid', 'integer', 'bigint']
const NO_KEY: ColumnDefinition = { name: '', type: 'text', nullable: false }

/** Stands in for a row class that is missing. @internal */
export const NO_ROW: RowDefinition = { type: Object, columns: [], key: NO_KEY, problems: [] }

/** Reads the decorators of a row class. Never throws: what is wrong is listed in `problems`. */
export function rowDefinition(type: Newable): RowDefinition {
  if (typeof type !== 'function')
    return {
      ...NO_ROW,
      problems: [`${String(type)} is no row class; row: names a class with @Column and @Key`],
    }
  const problems: string[] = []
  const columns = columnsOf(type, problems)
  const key = keyOf(type, columns, problems)
  for (const property of undeclaredProperties(type, columns))
    problems.push(`${type.name}.${property} has no @Column; every property of a row is a column`)
  return { type, columns: [...columns.values()], key, problems }
}

function columnsOf(type: Newable, problems: string[]): ReadonlyMap<string, ColumnDefinition> {
  const columns = new Map<string, ColumnDefinition>()
  for (const { property, type: columnType, nullable } of columnDeclarations(type)) {
    const before = columns.get(property)
    if (!NAME.test(property))
      problems.push(
        `${type.name}: column ${JSON.stringify(property)} must be letters, digits and _, at most 63, no digit first`,
      )
    if (!Object.hasOwn(columnValue, columnType))
      problems.push(
        `${type.name}.${property}: ${JSON.stringify(columnType)} is no column type; there are ${Object.keys(columnValue).join(', ')}`,
      )
    if (before && !sameColumn(before, { property, type: columnType, nullable }))
      problems.push(`${type.name}.${property} has two different @Column; keep one`)
    columns.set(property, { name: property, type: columnType, nullable })
  }
  if (columns.size === 0) problems.push(`${type.name} has no @Column; a row needs at least its key`)
  return columns
}

function sameColumn(before: ColumnDefinition, now: ColumnDeclaration): boolean {
  return before.type === now.type && before.nullable === now.nullable
}

function keyOf(
  type: Newable,
  columns: ReadonlyMap<string, ColumnDefinition>,
  problems: string[],
): ColumnDefinition {
  const names = [...new Set(keyDeclarations(type))]
  const name = names[0]
  if (name === undefined) {
    problems.push(`${type.name} has no @Key; mark the column that tells its rows apart`)
    return NO_KEY
  }
  if (names.length > 1) problems.push(`${type.name} has ${names.length} @Key (${names.join(', ')}); keep one`)
  const key = columns.get(name)
  if (!key) {
    problems.push(`${type.name}.${name} has @Key but no @Column`)
    return NO_KEY
  }
  if (key.nullable) problems.push(`${type.name}.${name} is the key and cannot be nullable`)
  if (!KEY_TYPES.includes(key.type))
    problems.push(`${type.name}.${name}: a key is ${KEY_TYPES.join(', ')}, not ${key.type}`)
  return key
}

/** Class fields show themselves on an instance; where the compiler leaves them out, folding finds them instead. */
function undeclaredProperties(
  type: Newable,
  columns: ReadonlyMap<string, ColumnDefinition>,
): readonly string[] {
  try {
    const instance = new (type as new () => object)()
    return Object.keys(instance).filter(property => !columns.has(property))
  } catch {
    return []
  }
}
