import type { ReleaseOptions } from '@hindcast/core'
import { OperationRefusedError, RebuildRunningError } from '../error/operation-errors.js'
import { takeTurn } from '../schema/bookkeeping.js'
import { dropSchema } from '../schema/drop-schema.js'
import { READ_COMMITTED } from '../store/checkpoint-sql.js'
import { OWNER } from '../hold/owner.js'
import { takeHold } from '../hold/hold.js'
import { knownSchemas, type KnownSchema } from './known-schema.js'
import type { OperationParts } from './parts.js'

/** Drops what is read no more, each schema in a transaction of its own. */
export async function release(
  parts: OperationParts,
  projection: string,
  { schema }: ReleaseOptions,
): Promise<readonly string[]> {
  const known = await knownSchemas(parts, projection)
  const active = known.find(({ role }) => role === 'active')
  const unread = known.filter(each =>
    schema === undefined ? isUnread(each, active) : each.schema === schema,
  )
  if (schema !== undefined && unread.length === 0)
    throw new OperationRefusedError(
      'the release',
      projection,
      `it has no schema ${schema}; it has ${known.map(each => each.schema).join(', ')}`,
    )
  if (unread.some(({ role }) => role === 'active'))
    throw new OperationRefusedError('the release', projection, `schema ${schema} is what readers read`)
  for (const each of unread) await drop(parts, each)
  return unread.map(each => each.schema)
}

/** Copies stay, and so does a newer version that is on its way. */
function isUnread({ role, version }: KnownSchema, active: KnownSchema | undefined): boolean {
  return role === 'kept' || (role === 'building' && active !== undefined && version <= active.version)
}

async function drop({ store, database }: OperationParts, { schema, projection }: KnownSchema): Promise<void> {
  await store.inSession('a release', async session => {
    await session.script(READ_COMMITTED)
    await takeTurn(session, database.name)
    const taken = await takeHold(session, schema, { kind: 'rebuild', owner: OWNER, wanted: {} }, [])
    if (!('token' in taken)) throw new RebuildRunningError(schema, taken.owner, taken.since)
    await dropSchema(session, projection, schema)
    await session.script('commit')
  })
}
