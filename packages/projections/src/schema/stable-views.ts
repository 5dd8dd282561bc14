import type { Session } from '../driver/database.js'
import { ReadModelNameTakenError } from '../error/errors.js'
import { identifier } from './names.js'

/** The tables and views of a version's schema that have no view of their name in schema `read` yet, or another's. */
const MISSING = `
select c.relname, v.projection, to_regclass(format('read.%I', c.relname)) is null
from pg_class c left join hindcast.views v on v.name = c.relname
where c.relnamespace = to_regnamespace($1) and c.relkind in ('r', 'p', 'v', 'm')
  and (v.name is null or v.projection <> $2 or to_regclass(format('read.%I', c.relname)) is null)
order by c.relname`

/** Makes the views through which the version is read under stable names, where they are missing. */
export async function makeViews(session: Session, projection: string, schemaOf: string): Promise<void> {
  const schema = identifier(schemaOf)
  const missing = await session.query(MISSING, [schema, projection])
  for (const [name, owner, free] of missing.rows) {
    if (owner !== null && owner !== projection)
      throw new ReadModelNameTakenError(name!, projection, `projection "${owner!}"`)
    if (owner === null && free !== 't') throw new ReadModelNameTakenError(name!, projection, 'somebody else')
    await session.query(
      `create view read.${identifier(name!)} as select * from ${schema}.${identifier(name!)}`,
    )
    await session.query('insert into hindcast.views values ($1, $2) on conflict do nothing', [
      name!,
      projection,
    ])
  }
}
