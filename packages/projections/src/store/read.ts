import {
  SqlTransactionError,
  type EventPlace,
  type ProjectionVersion,
  type ReadSnapshot,
} from '@hindcast/core'
import { SqlUnsupportedError } from '@hindcast/core'
import type { Answer, Session, SqlText } from '../driver/database.js'
import { PARKED_COLUMNS, parkedEvent } from '../parking/parked-sql.js'
import type { RowTable } from '../rows/row-table.js'
import { identifier, schemaName } from '../schema/names.js'
import { rowsOf } from '../value/from-sql.js'
import { storable, toSql } from '../value/to-sql.js'
import { controlsTransaction } from './transaction-control.js'

/** A version that is read. */
export interface ReadVersion extends ProjectionVersion {
  readonly table: RowTable | undefined
}

const PARKED_WIDTH = PARKED_COLUMNS.split(',').length

/**
 * One statement is one snapshot: the checkpoint comes in the first column, what is parked in the next ones, beside each row
 * or none.
 */
function withStanding(table: RowTable, rows: string, parkedKey: string): string {
  const of = (name: string): string =>
    `${name}.projection = $1 and ${name}.version = $2 and ${name}.log = $3 and ${name}.partition = $4`
  const columns = PARKED_COLUMNS.split(', ').map(column => `p.${column}`)
  return (
    `select c.next, ${columns.join(', ')}, ${table.columnsOf('t')} from (select) one ` +
    `left join hindcast.checkpoints c on ${of('c')} ` +
    `left join lateral (select ${PARKED_COLUMNS} from hindcast.parked q where ${of('q')} ` +
    `and (q."offset" = $5${parkedKey}) order by q."offset" limit 1) p on true left join ${table.name} t on ${rows}`
  )
}

/** The row of a key, and how far a partition has come. */
export async function readKey(
  session: Session,
  version: ReadVersion,
  key: string,
  at: EventPlace | undefined,
): Promise<ReadSnapshot> {
  const table = tableOf(version)
  const text = withStanding(table, `t.${table.key} = any($7::${table.keyType}[])`, ' or $6 = any(q.keys)')
  const params = [...place(version, at), storable(key), table.keys([key])]
  return snapshotOf(table, await session.query(text, params, 'keep'), at)
}

/** Every row in the order of the keys, and how far a partition has come. */
export async function readAll(
  session: Session,
  version: ReadVersion,
  at: EventPlace | undefined,
): Promise<ReadSnapshot> {
  const table = tableOf(version)
  const text = `${withStanding(table, 'true', '')} order by t.${table.key}`
  return snapshotOf(table, await session.query(text, place(version, at), 'keep'), at)
}

const STANDING = `select c.next, ${PARKED_COLUMNS} from (select) one
left join hindcast.checkpoints c on c.projection = $1 and c.version = $2 and c.log = $3 and c.partition = $4
left join hindcast.parked p on p.projection = $1 and p.version = $2 and p.log = $3 and p.partition = $4 and p."offset" = $5`

/** The answer to a reader's own SQL, which can only read, and how far a partition has come. */
export async function readSql(
  session: Session,
  version: ReadVersion,
  query: { readonly text: string; readonly params: readonly unknown[] },
  at: EventPlace | undefined,
): Promise<ReadSnapshot> {
  if (controlsTransaction(query.text)) throw new SqlTransactionError('a query')
  await session.script(
    `begin isolation level repeatable read read only; set local search_path to ${identifier(schemaName(version))}`,
  )
  const standing = await session.query(STANDING, place(version, at), 'keep')
  const answer = await session.query(query.text, query.params.map(toSql))
  // What the query has set is gone with the transaction; only these locks would outlive it.
  await session.script('rollback; select pg_advisory_unlock_all()')
  return { rows: rowsOf(answer), ...(at && standingOf(standing)) }
}

function place({ projection, version }: ProjectionVersion, at: EventPlace | undefined): SqlText[] {
  return [
    projection,
    String(version),
    at?.log ?? null,
    at ? String(at.partition) : null,
    at ? String(at.offset) : null,
  ]
}

function snapshotOf(table: RowTable, answer: Answer, at: EventPlace | undefined): ReadSnapshot {
  const first = 1 + PARKED_WIDTH
  const key = answer.columns.findIndex(
    (column, index) => index >= first && identifier(column.name) === table.key,
  )
  const rows = answer.rows
    .filter(values => values[key] !== null)
    .map(values => table.row(values.slice(first)))
  return { rows, ...(at && standingOf(answer)) }
}

function standingOf({ rows: [values = []] }: Answer): Omit<ReadSnapshot, 'rows'> {
  const parked = values.slice(1, 1 + PARKED_WIDTH)
  return {
    reached: BigInt(values[0] ?? 0),
    ...(typeof parked[0] === 'string' && { parked: parkedEvent(parked) }),
  }
}

function tableOf({ table, projection }: ReadVersion): RowTable {
  if (!table) throw new SqlUnsupportedError('get and all', projection)
  return table
}
