import { RebuildRunningError } from '../error/operation-errors.js'
import { READ_COMMITTED } from '../store/checkpoint-sql.js'
import { OWNER } from './owner.js'
import { takeHold } from './hold.js'
import { Lease } from './lease.js'
import type { OperationParts } from '../operations/parts.js'

/**
 * Does some work while the workers of a schema stand still. Readers go on.
 *
 * @param by - the schema for which they do
 * @throws RebuildRunningError
 */
export async function whileStanding<T>(
  { store }: OperationParts,
  schema: string,
  by: string,
  work: (standing: Lease) => Promise<T>,
): Promise<T> {
  const hold = await store.inSession('letting workers stand still', async session => {
    await session.script(READ_COMMITTED)
    const purpose = { kind: 'rebuild', owner: OWNER, wanted: { swap: by } } as const
    const taken = await takeHold(session, schema, purpose, [])
    await session.script('commit')
    return taken
  })
  if (!('token' in hold)) throw new RebuildRunningError(schema, hold.owner, hold.since)
  const lease = new Lease(hold, (operation, task) => store.inSession(operation, task))
  try {
    return await work(lease)
  } finally {
    await lease.leave('done')
  }
}
