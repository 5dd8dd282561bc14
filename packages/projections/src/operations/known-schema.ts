import type { VersionStanding } from '@hindcast/core'
import type { Session } from '../driver/database.js'
import { isThere } from '../schema/bookkeeping.js'
import type { OperationParts } from './parts.js'

/** A schema as the bookkeeping knows it. */
export interface KnownSchema {
  readonly schema: string
  readonly projection: string
  readonly version: number
  readonly role: VersionStanding['role']
  /** Names the code that began to fold it. */
  readonly code: string
  /** Since when it has its role, as the database writes it: after a swap it is another one. */
  readonly since: string
}

const COLUMNS = 'select schema, projection, version, role, code, since::text from hindcast.projections'

/** Every schema of a projection; that which was read last comes first. */
export async function schemasOf(session: Session, projection: string): Promise<readonly KnownSchema[]> {
  const { rows } = await session.query(`${COLUMNS} where projection = $1 order by since desc, schema`, [
    projection,
  ])
  return rows.map(([schema, name, version, role, code, since]) => ({
    schema: schema!,
    projection: name!,
    version: Number(version),
    role: role as KnownSchema['role'],
    code: code!,
    since: since!,
  }))
}

/** The same in a session of its own; none where nothing was made yet. */
export function knownSchemas(
  { store, database }: OperationParts,
  projection: string,
): Promise<readonly KnownSchema[]> {
  return store.inSession('listing versions', async session =>
    (await isThere(session, database.name)) ? schemasOf(session, projection) : [],
  )
}
