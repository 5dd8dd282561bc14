import type { AwaitedDifferences, BuildStanding, VersionStanding } from '@hindcast/core'
import type { Session } from '../driver/database.js'
import { isThere } from '../schema/bookkeeping.js'
import { cutOf } from '../cut/cut.js'
import { leftOutOf } from './left-out.js'

const MS = (time: string): string => `extract(epoch from ${time}) * 1000`
const VERSIONS = `
select p.schema, p.projection, p.version, p.role, ${MS('p.since')},
  (select coalesce(sum(pg_total_relation_size(c.oid)), 0) from pg_class c
    where c.relnamespace = to_regnamespace(quote_ident(p.schema)) and c.relkind in ('r', 'm')),
  b.kind, b.owner, ${MS('b.begun_at')}, b.until > clock_timestamp(), b.wanted -> 'waitsFor'
from hindcast.projections p left join hindcast.builds b on b.schema = p.schema
order by p.projection, p.version, p.schema`

/** Every schema that has rows of a projection. */
export async function versionsIn(session: Session, database: string): Promise<readonly VersionStanding[]> {
  if (!(await isThere(session, database))) return []
  const versions: VersionStanding[] = []
  for (const row of (await session.query(VERSIONS)).rows) {
    const [schema, projection, version, role, since, size, kind, owner, begun, running, waitsFor] = row
    versions.push({
      projection: projection!,
      version: Number(version),
      schema: schema!,
      role: role as VersionStanding['role'],
      since: new Date(Number(since)),
      cut: await cutOf(session, schema!),
      leftOut: await leftOutOf(session, schema!),
      sizeBytes: Number(size),
      ...(kind && {
        build: {
          kind: kind as BuildStanding['kind'],
          owner: owner!,
          since: new Date(Number(begun)),
          running: running === 't',
          ...(running !== 't' && waitsFor && { waitsFor: JSON.parse(waitsFor) as AwaitedDifferences }),
        },
      }),
    })
  }
  return versions
}
