import type { Session } from '../driver/database.js'
import { OperationRefusedError } from '../error/operation-errors.js'
import { identifier } from './names.js'

/** What others have made on top of a schema. */
const DEPENDENTS = `
select distinct format('%s.%s', n.nspname, v.relname)
from pg_class t join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = t.oid
join pg_rewrite w on w.oid = d.objid and d.classid = 'pg_rewrite'::regclass
join pg_class v on v.oid = w.ev_class join pg_namespace n on n.oid = v.relnamespace
where t.relnamespace = to_regnamespace($1) and v.relnamespace <> t.relnamespace order by 1`

/**
 * Drops a schema with everything that is known of it. Inside a transaction.
 *
 * @throws OperationRefusedError that names the views which somebody has made on top of its tables
 */
export async function dropSchema(session: Session, projection: string, schema: string): Promise<void> {
  const dependents = (await session.query(DEPENDENTS, [identifier(schema)])).rows.map(([name]) => name!)
  if (dependents.length > 0)
    throw new OperationRefusedError(
      `dropping schema ${schema}`,
      projection,
      `${dependents.join(', ')} read its tables. Drop them first, and make them on the views of schema read instead`,
    )
  await session.script(`drop schema if exists ${identifier(schema)} cascade`)
  await session.query('delete from hindcast.projections where schema = $1', [schema])
}
