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
import { identifier, literal, schemaName } from '../schema/names.js'
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
  const of = (name: string): string => `${name}.schema = $1 and ${name}.log = $2 and ${name}.partition = $3`
  const columns = PARKED_COLUMNS.split(', ').map(column => `p.${column}`)
  return (
    `select c.next, ${columns.join(', ')}, ${table.columnsOf('t')} from (select) one ` +
    `left join hindcast.checkpoints c on ${of('c')} ` +
    `left join lateral (select ${PARKED_COLUMNS} from hindcast.parked q where ${of('q')} ` +
    `and (q."offset" = $4${parkedKey}) order by q."offset" limit 1) p on true left join ${table.name} t on ${rows}`
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
  const text = withStanding(table, `t.${table.key} = any($6::${table.keyType}[])`, ' or $5 = any(q.keys)')
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
left join hindcast.checkpoints c on c.schema = $1 and c.log = $2 and c.partition = $3
left join hindcast.parked p on p.schema = $1 and p.log = $2 and p.partition = $3 and p."offset" = $4`

/** The answer to a reader's own SQL, which can only read, and how far a partition has come. */
export async function readSql(
  session: Session,
  version: ReadVersion,
  query: { readonly text: string; readonly params: readonly unknown[] },
  at: EventPlace | undefined,
): Promise<ReadSnapshot> {
  if (controlsTransaction(query.text)) throw new SqlTransactionError('a query')
  const schema = schemaName(version)
  for (;;) {
    await session.script(
      `begin isolation level repeatable read read only; set local search_path to ${identifier(schema)}`,
    )
    const standing = await session.query(STANDING, place(version, at), 'keep')
    const answer = await session.query(query.text, query.params.map(toSql))
    const [same] = await session.script(`${sameSchema(schema)}; ${END_OF_READ}`)
    if (same!.rows[0]?.[0] === 't') return { rows: rowsOf(answer), ...(at && standingOf(standing)) }
  }
}

/** What the query has set is gone with the transaction; only these locks would outlive it. */
const END_OF_READ = 'rollback; select pg_advisory_unlock_all()'

/** False when another schema got the name after the snapshot was taken: the checkpoint is then of other rows than the tables. */
function sameSchema(schema: string): string {
  return `select oid = to_regnamespace(${literal(identifier(schema))}) from pg_namespace where nspname = ${literal(schema)}`
}

function place(version: ProjectionVersion, at: EventPlace | undefined): SqlText[] {
  return [
    schemaName(version),
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
