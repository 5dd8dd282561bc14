import type { ColumnType, Row, RowDefinition, RowProjectionDefinition } from '@hindcast/core'
import type { Answer, SqlText } from '../driver/database.js'
import { identifier } from '../schema/names.js'
import { arrayText } from '../value/array-text.js'
import { COLUMN_SQL, isKeyOf } from './column-sql.js'

/** A column as the database has it. */
export interface FoundColumn {
  readonly name: string
  readonly type: string
  readonly nullable: boolean
}

/** The table of a row projection: its statements, and its rows on their way to SQL and back. */
export class RowTable {
  /** Quoted, with its schema. */
  readonly name: string
  /** `create table …` */
  readonly declaration: string
  /** The rows of the keys $1. */
  readonly load: string
  /** Locks the rows of the keys $1 in the order of the keys; inserts an empty one where none is, and gives its key. */
  readonly lock: string
  /** Writes rows whole; one parameter a column. */
  readonly upsert: string
  /** Deletes the rows of the keys $1. */
  readonly delete: string
  /** The key column, quoted. */
  readonly key: string
  /** The key's SQL type. */
  readonly keyType: string
  readonly #row: RowDefinition

  /** @param schema - not quoted */
  constructor(projection: RowProjectionDefinition, schema: string) {
    const { row } = projection
    const columns = row.columns.map(column => identifier(column.name))
    const types = row.columns.map(column => column.type)
    const arrays = types.map((type, index) => `$${index + 1}::${type}[]`)
    const others = columns.filter(column => column !== identifier(row.key.name))
    this.#row = row
    this.name = `${identifier(schema)}.${identifier(projection.name)}`
    this.key = identifier(row.key.name)
    this.keyType = row.key.type
    const keys = `$1::${row.key.type}[]`
    this.declaration = `create table ${this.name} (${row.columns
      .map(
        ({ name, type, nullable }) =>
          `${identifier(name)} ${COLUMN_SQL[type].declaration}${name === row.key.name ? ' primary key' : nullable ? '' : ' not null'}`,
      )
      .join(', ')})`
    this.load = `select ${columns.join(', ')} from ${this.name} where ${this.key} = any(${keys})`
    this.upsert =
      `insert into ${this.name} (${columns.join(', ')}) select * from unnest(${arrays.join(', ')}) on conflict (${this.key}) do ` +
      (others.length === 0
        ? 'nothing'
        : `update set ${others.map(column => `${column} = excluded.${column}`).join(', ')}`)
    this.delete = `delete from ${this.name} where ${this.key} = any(${keys})`
    this.lock = lockStatement(this, row, keys)
  }

  /** The columns in the order of the row class, each with a name of the table before it: other tables may have the same. */
  columnsOf(table: string): string {
    return this.#row.columns.map(({ name }) => `${table}.${identifier(name)}`).join(', ')
  }

  /** What is not as declared, of the columns that the database has; undefined when everything is. */
  problem(found: readonly FoundColumn[]): string | undefined {
    if (found.length === 0) return 'the table is gone'
    for (const { name, type, nullable } of this.#row.columns) {
      const column = found.find(other => other.name === name)
      if (!column) return `the table has no column ${name}`
      if (sqlType(type) !== column.type) return `column ${name} is ${column.type}, not ${type}`
      if (nullable && !column.nullable) return `column ${name} says NOT NULL`
    }
    const extra = found.find(
      other => !other.nullable && !this.#row.columns.some(column => column.name === other.name),
    )
    return extra && `the table has a column ${extra.name} NOT NULL that no row fills`
  }

  /** The keys that a row can have, as a parameter. */
  keys(keys: Iterable<string>): string {
    return arrayText([...keys].filter(key => isKeyOf(this.#row.key.type, key)))
  }

  /** The parameters of `upsert`. */
  values(rows: Iterable<Row>): SqlText[] {
    const all = [...rows]
    return this.#row.columns.map(({ name, type }) => {
      const { write } = COLUMN_SQL[type]
      return arrayText(
        all.map(row => {
          const value = row[name]
          return value === null || value === undefined ? null : write(value)
        }),
      )
    })
  }

  /** A row from the values of its columns, in order. */
  row(values: readonly SqlText[]): Row {
    const row = Object.create(this.#row.type.prototype as object) as Row
    const { columns } = this.#row
    for (let i = 0; i < columns.length; i++) {
      const { name, type } = columns[i]!
      const text = values[i]
      row[name] = text === null || text === undefined ? null : COLUMN_SQL[type].read(text)
    }
    return row
  }

  /** The rows of an answer that has the columns in order. */
  rowsByKey({ rows }: Answer): Map<string, Row> {
    const found = new Map<string, Row>()
    for (const values of rows) {
      const row = this.row(values)
      found.set(this.keyOf(row), row)
    }
    return found
  }

  /** The key of a row as text. */
  keyOf(row: Row): string {
    return String(row[this.#row.key.name] as string)
  }
}

/**
 * One pass in the order of the keys: a conflict locks the row that is there (`where false` leaves it unchanged), a missing
 * row is inserted. Because every worker takes its locks in one order, they cannot wait for each other in a circle.
 */
function lockStatement(
  { name, key }: RowTable,
  { columns, key: { name: keyName } }: RowDefinition,
  keys: string,
): string {
  const needed = columns.filter(column => column.name === keyName || !column.nullable)
  const values = needed.map(column => (column.name === keyName ? 'k' : COLUMN_SQL[column.type].empty))
  return (
    `insert into ${name} (${needed.map(column => identifier(column.name)).join(', ')}) ` +
    `select ${values.join(', ')} from unnest(${keys}) k order by k${columns.find(column => column.name === keyName)?.type === 'text' ? ' collate "C"' : ''} ` +
    `on conflict (${key}) do update set ${key} = excluded.${key} where false returning ${key}`
  )
}

function sqlType(type: ColumnType): string {
  return type === 'timestamptz' ? 'timestamp with time zone' : type
}
