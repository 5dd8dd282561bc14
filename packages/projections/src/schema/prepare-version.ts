import {
  ReadModelOfAnotherLogError,
  ReadModelShapeError,
  SqlTransactionError,
  type ProjectionDefinition,
  type ProjectionVersion,
} from '@hindcast/core'
import type { Session } from '../driver/database.js'
import { ReadModelChangedError } from '../error/errors.js'
import type { RowTable } from '../rows/row-table.js'
import { arrayText } from '../value/array-text.js'
import { identifier, schemaName } from './names.js'
import { shapeOf } from './shape.js'
import { makeViews } from './stable-views.js'

/**
 * Makes the schema and the tables of a version where they are missing, and checks them where they are there. Inside the
 * transaction of {@link takeTurn}.
 *
 * @param table - of a row projection
 * @param logs - that the app reads
 */
export async function prepareVersion(
  session: Session,
  projection: ProjectionDefinition,
  table: RowTable | undefined,
  logs: readonly string[],
): Promise<void> {
  const version = { projection: projection.name, version: projection.version }
  const shape = shapeOf(projection)
  const before = await session.query(
    'select kind, shape, active from hindcast.projections where projection = $1 and version = $2',
    [version.projection, String(version.version)],
  )
  const [kind, made, active] = before.rows[0] ?? []
  if (kind === undefined) {
    await makeVersion(session, projection, table, version, shape)
    return
  }
  if (kind !== projection.kind || made !== shape)
    throw new ReadModelShapeError(
      version.projection,
      version.version,
      shown(kind!, made!),
      shown(projection.kind, shape),
    )
  await refuseOtherLogs(session, version, logs)
  if (table) await checkTable(session, version, table)
  if (active === 't') await makeViews(session, version)
}

async function makeVersion(
  session: Session,
  projection: ProjectionDefinition,
  table: RowTable | undefined,
  version: ProjectionVersion,
  shape: string,
): Promise<void> {
  const schema = identifier(schemaName(version))
  const taken = await session.query('select to_regnamespace($1)', [schema])
  if (taken.rows[0]![0] !== null)
    throw new ReadModelChangedError(
      version.projection,
      version.version,
      `the schema was there before, and Hindcast did not make it. Drop it (drop schema ${schema} cascade), or raise the version`,
    )
  await session.query(`create schema ${schema}`)
  if (table) await session.query(table.declaration)
  else if (projection.kind === 'sql' && projection.tables !== undefined)
    await runTables(session, version, projection.tables)
  const added = await session.query(
    `insert into hindcast.projections (projection, version, kind, shape, active)
     values ($1, $2, $3, $4, not exists (select from hindcast.projections where projection = $1 and active))
     returning active`,
    [version.projection, String(version.version), projection.kind, shape],
  )
  if (added.rows[0]![0] === 't') await makeViews(session, version)
}

/** Runs the SQL of the option `tables`; it must stay within the transaction. */
async function runTables(session: Session, version: ProjectionVersion, tables: string): Promise<void> {
  const transaction = 'select txid_current()'
  const before = await session.query(transaction)
  await session.query(`set local search_path to ${identifier(schemaName(version))}`)
  await session.script(tables)
  const after = await session.query(transaction)
  if (before.rows[0]![0] !== after.rows[0]![0])
    throw new SqlTransactionError(`the option tables of projection "${version.projection}"`)
  await session.query('reset search_path')
}

/** A table that was changed by hand would lose or refuse rows in the middle of the work. */
async function checkTable(session: Session, version: ProjectionVersion, table: RowTable): Promise<void> {
  const found = await session.query(
    `select a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull and not a.atthasdef
     from pg_attribute a where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped`,
    [table.name],
  )
  const problem = table.problem(
    found.rows.map(([name, type, needed]) => ({ name: name!, type: type!, nullable: needed === 'f' })),
  )
  if (problem)
    throw new ReadModelChangedError(
      version.projection,
      version.version,
      `${problem}; somebody changed it. Raise the version to fold it anew, or put it back as it was`,
    )
}

async function refuseOtherLogs(
  session: Session,
  { projection, version }: ProjectionVersion,
  logs: readonly string[],
): Promise<void> {
  const found = await session.query(
    'select distinct log from hindcast.checkpoints where projection = $1 and version = $2 and log <> all($3::text[]) order by log',
    [projection, String(version), arrayText(logs)],
  )
  if (found.rows.length > 0)
    throw new ReadModelOfAnotherLogError(
      projection,
      version,
      found.rows.map(([log]) => log!),
      logs,
    )
}

/** The declarations in an error: columns whole, SQL only as far as it can be read in a message. */
function shown(kind: string, shape: string): string {
  if (kind === 'rows') return shape
  const line = shape.replaceAll(/\s+/g, ' ')
  return `SQL (${line.length > 500 ? `${line.slice(0, 500)}…` : line})`
}
