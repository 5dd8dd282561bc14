import type { Session } from '../driver/database.js'
import { OperationRefusedError } from '../error/operation-errors.js'
import { makeViews } from './stable-views.js'
import { identifier } from './names.js'

/** The tables and views of a schema, and the views that show those of a projection. */
const SHOWN = `
select name, exists (select from pg_class c where c.relnamespace = to_regnamespace($2) and c.relname = name and c.relkind in ('r', 'p', 'v', 'm'))
from hindcast.views where projection = $1 order by name`
const GRANTS = `
select coalesce(r.rolname, ''), a.privilege_type, a.is_grantable
from pg_class c cross join lateral aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
where c.oid = to_regclass($1)`
const DEPENDENTS = `
select distinct format('%s.%s', n.nspname, v.relname)
from pg_depend d join pg_rewrite w on w.oid = d.objid and d.classid = 'pg_rewrite'::regclass
join pg_class v on v.oid = w.ev_class join pg_namespace n on n.oid = v.relnamespace
where d.refclassid = 'pg_class'::regclass and d.refobjid = to_regclass($1) and v.oid <> to_regclass($1) order by 1`

/**
 * Makes the views of a projection show another schema. A view keeps its grants, and where its columns allow also what others
 * have made on top of it. Inside a transaction.
 *
 * @throws OperationRefusedError that names the views which somebody has made on top of one that must go
 */
export async function replaceViews(session: Session, projection: string, schema: string): Promise<void> {
  const shown = await session.query(SHOWN, [projection, identifier(schema)])
  for (const [name, stays] of shown.rows) {
    const view = `read.${identifier(name!)}`
    const select = `view ${view} as select * from ${identifier(schema)}.${identifier(name!)}`
    if (stays === 't' && (await attempt(session, `create or replace ${select}`))) continue
    const grants = (await session.query(GRANTS, [view])).rows
    const dependents = (await session.query(DEPENDENTS, [view])).rows.map(([each]) => each!)
    if (dependents.length > 0)
      throw new OperationRefusedError(
        'the swap',
        projection,
        `${dependents.join(', ')} ${dependents.length === 1 ? 'is' : 'are'} made on top of read.${name}, whose columns change. Drop ` +
          `${dependents.length === 1 ? 'it' : 'them'}, do it again, and make ${dependents.length === 1 ? 'it' : 'them'} anew`,
      )
    await session.script(`drop view ${view}`)
    if (stays === 't') {
      await session.script(`create ${select}`)
      for (const [role, privilege, grantable] of grants)
        await session.script(
          `grant ${privilege} on ${view} to ${role === '' ? 'public' : identifier(role!)}${grantable === 't' ? ' with grant option' : ''}`,
        )
    } else await session.query('delete from hindcast.views where name = $1', [name!])
  }
  await makeViews(session, projection, schema)
}

/** False when the columns do not allow it. */
async function attempt(session: Session, statement: string): Promise<boolean> {
  await session.script('savepoint replacing')
  try {
    await session.script(statement)
    return true
  } catch (error) {
    if ((error as { code?: unknown }).code !== '42P16') throw error
    await session.script('rollback to savepoint replacing')
    return false
  }
}
