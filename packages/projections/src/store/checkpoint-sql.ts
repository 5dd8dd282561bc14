import type { CheckpointKey, Claim, Fence } from '@hindcast/core'
import type { Session } from '../driver/database.js'
import { ReadModelChangedError } from '../error/errors.js'
import { AT_PLACE, placeParams } from '../parking/parked-sql.js'
import { FIRST_EPOCH } from '../schema/bookkeeping.js'
import { identifier, literal, schemaName } from '../schema/names.js'

/** The isolation that locking relies on: each statement sees what others committed before it. */
export const READ_COMMITTED = 'begin isolation level read committed read write'

/** The next offset of a checkpoint. */
export const CHECKPOINT: string = `select next from hindcast.checkpoints where ${AT_PLACE}`

/** Becomes the owner: waits for a transaction of the owner before, and makes its next one fail. */
const CLAIM = `update hindcast.checkpoints set epoch = epoch + 1 where ${AT_PLACE} returning next, epoch`

/** Becomes the first owner; of a place that was claimed before, and whose checkpoint is gone, there is none. */
const FIRST_CLAIM = `with first as (
  insert into hindcast.claimed (schema, log, partition) values ($1, $2, $3)
  on conflict do nothing returning schema, log, partition)
insert into hindcast.checkpoints (schema, log, partition, next, epoch)
select schema, log, partition, 0, ${FIRST_EPOCH} from first
returning next, epoch`

/**
 * Becomes the owner of a checkpoint, which it makes for the first one.
 *
 * @throws ReadModelChangedError when there was a checkpoint and somebody deleted it: from the beginning, events would count twice
 */
export async function claimCheckpoint(
  session: Session,
  at: CheckpointKey,
): Promise<Omit<Claim, 'parkedKeys'>> {
  // The last one is for who was overtaken by the first owner.
  for (const statement of [CLAIM, FIRST_CLAIM, CLAIM]) {
    const [row] = (await session.query(statement, placeParams(at), 'keep')).rows
    if (row) return { next: BigInt(row[0]!), epoch: BigInt(row[1]!) }
  }
  const { projection, version, log, partition } = at
  throw new ReadModelChangedError(
    projection,
    version,
    `its checkpoint of partition ${partition} of log ${log} was deleted from hindcast.checkpoints, and folding that partition ` +
      'from the beginning would count its events twice. Raise the version to fold everything anew, or restore the row from a backup ' +
      'that is as old as the tables',
  )
}

/**
 * Begins a transaction by moving the checkpoint, in one round trip; of the statement that moves it and of what is asked
 * besides, each must have found its row. A checkpoint is written in two columns, which its table demands to be equal: whoever
 * sets `next` by hand is refused by the database, and told to rebuild instead.
 *
 * @param besides - a further condition of the fence: a statement that finds one row
 */
export function fencedBegin(fence: Fence, withPath: boolean, besides?: string): string {
  const { log, partition, from, epoch, next } = fence
  const schema = schemaName(fence)
  const path = withPath ? `set local search_path to ${identifier(schema)}; ` : ''
  return (
    `${READ_COMMITTED}; ${path}update hindcast.checkpoints set next = ${next}, moved_to = ${next} ` +
    `where schema = ${literal(schema)} and log = ${literal(log)} and partition = ${partition} ` +
    `and next = ${from} and epoch = ${epoch}${besides === undefined ? '' : `; ${besides}`}`
  )
}
