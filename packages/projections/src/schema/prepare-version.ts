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
import { codeOf } from './code.js'
import { shapeOf } from './shape.js'
import { makeViews } from './stable-views.js'

/** What a schema is made for: a version that may be read, a rebuild of one beside it, or a copy. */
export type Purpose = 'version' | 'building' | 'copy'

/**
 * Makes the schema and the tables of a version where they are missing, and checks them where they are there. Inside the
 * transaction of {@link takeTurn}. The first version of a projection is read from the beginning.
 *
 * @param table - of a row projection
 * @param logs - that the app reads
 */
export async function prepareVersion(
  session: Session,
  version: ProjectionVersion,
  projection: ProjectionDefinition,
  table: RowTable | undefined,
  logs: readonly string[],
  purpose: Purpose = 'version',
): Promise<void> {
  const role = await findVersion(session, version, projection, logs)
  if (role === undefined) {
    await makeVersion(session, projection, table, version, shapeOf(projection), purpose)
    return
  }
  if (table) await checkTable(session, version, table)
  if (role === 'active') await makeViews(session, version.projection, schemaName(version))
}

/**
 * Looks for a version in the bookkeeping. Gives its role; undefined when it was never made.
 *
 * @param logs - that the app reads
 */
export async function findVersion(
  session: Session,
  version: ProjectionVersion,
  projection: ProjectionDefinition,
  logs: readonly string[],
): Promise<string | undefined> {
  const shape = shapeOf(projection)
  const found = await session.query('select kind, shape, role from hindcast.projections where schema = $1', [
    schemaName(version),
  ])
  const [kind, made, role] = found.rows[0] ?? []
  if (kind === undefined) return undefined
  if (kind !== projection.kind || made !== shape)
    throw new ReadModelShapeError(
      version.projection,
      version.version,
      shown(kind!, made!),
      shown(projection.kind, shape),
    )
  await refuseOtherLogs(session, version, logs)
  return role!
}

async function makeVersion(
  session: Session,
  projection: ProjectionDefinition,
  table: RowTable | undefined,
  version: ProjectionVersion,
  shape: string,
  purpose: Purpose,
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
    `insert into hindcast.projections (schema, projection, version, kind, shape, code, role)
     values ($1, $2, $3, $4, $5, $7, case when $6 <> 'version' then $6
       when exists (select from hindcast.projections where projection = $2 and role = 'active') then 'building' else 'active' end)
     returning role`,
    [
      schemaName(version),
      version.projection,
      String(version.version),
      projection.kind,
      shape,
      purpose,
      codeOf(projection),
    ],
  )
  if (added.rows[0]![0] === 'active') await makeViews(session, version.projection, schemaName(version))
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
  at: ProjectionVersion,
  logs: readonly string[],
): Promise<void> {
  const found = await session.query(
    'select distinct log from hindcast.checkpoints where schema = $1 and log <> all($2::text[]) order by log',
    [schemaName(at), arrayText(logs)],
  )
  if (found.rows.length > 0)
    throw new ReadModelOfAnotherLogError(
      at.projection,
      at.version,
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
