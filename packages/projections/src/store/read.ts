import type { LogPlace, ProjectionVersion, ReadSnapshot } from '@hindcast/core'
import { SqlUnsupportedError } from '@hindcast/core'
import type { Answer, Session, SqlText } from '../driver/database.js'
import { SqlTransactionError } from '../error/errors.js'
import type { RowTable } from '../rows/row-table.js'
import { identifier, schemaName } from '../schema/names.js'
import { rowsOf } from '../value/from-sql.js'
import { toSql } from '../value/to-sql.js'
import { controlsTransaction } from './transaction-control.js'

/** A version that is read. */
export interface ReadVersion extends ProjectionVersion {
  readonly table: RowTable | undefined
}

/** One statement is one snapshot: the checkpoint comes in the first column, beside each row or none. */
function withCheckpoint(table: RowTable, rows: string): string {
  return (
    `select c.next, ${table.columns} from (select) one ` +
    `left join hindcast.checkpoints c on c.projection = $1 and c.version = $2 and c.log = $3 and c.partition = $4 ` +
    `left join ${table.name} t on ${rows}`
  )
}

/** The row of a key, and the checkpoint. */
export async function readKey(
  session: Session,
  version: ReadVersion,
  key: string,
  at: LogPlace | undefined,
): Promise<ReadSnapshot> {
  const table = tableOf(version)
  const text = withCheckpoint(table, `t.${table.key} = any($5::${table.keyType}[])`)
  return snapshotOf(table, await session.query(text, [...place(version, at), table.keys([key])], 'keep'), at)
}

/** Every row in the order of the keys, and the checkpoint. */
export async function readAll(
  session: Session,
  version: ReadVersion,
  at: LogPlace | undefined,
): Promise<ReadSnapshot> {
  const table = tableOf(version)
  const text = `${withCheckpoint(table, 'true')} order by t.${table.key}`
  return snapshotOf(table, await session.query(text, place(version, at), 'keep'), at)
}

/** The answer to a reader's own SQL, which can only read, and the checkpoint. */
export async function readSql(
  session: Session,
  version: ReadVersion,
  query: { readonly text: string; readonly params: readonly unknown[] },
  at: LogPlace | undefined,
): Promise<ReadSnapshot> {
  if (controlsTransaction(query.text)) throw new SqlTransactionError('a query')
  await session.script(
    `begin isolation level repeatable read read only; set local search_path to ${identifier(schemaName(version))}`,
  )
  const reached = await session.query(
    'select next from hindcast.checkpoints where projection = $1 and version = $2 and log = $3 and partition = $4',
    place(version, at),
    'keep',
  )
  const answer = await session.query(query.text, query.params.map(toSql))
  await session.script('commit')
  return { rows: rowsOf(answer), ...(at && { reached: BigInt(reached.rows[0]?.[0] ?? 0) }) }
}

function place({ projection, version }: ProjectionVersion, at: LogPlace | undefined): SqlText[] {
  return [projection, String(version), at?.log ?? null, at ? String(at.partition) : null]
}

function snapshotOf(table: RowTable, answer: Answer, at: LogPlace | undefined): ReadSnapshot {
  const key = answer.columns.findIndex((column, index) => index > 0 && identifier(column.name) === table.key)
  const rows = answer.rows.filter(values => values[key] !== null).map(values => table.row(values.slice(1)))
  return { rows, ...(at && { reached: BigInt(answer.rows[0]?.[0] ?? 0) }) }
}

function tableOf({ table, projection }: ReadVersion): RowTable {
  if (!table) throw new SqlUnsupportedError('get and all', projection)
  return table
}
