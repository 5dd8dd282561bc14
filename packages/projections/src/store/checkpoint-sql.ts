import type { Fence } from '@hindcast/core'
import { AT_PLACE } from '../parking/parked-sql.js'
import { identifier, literal, schemaName } from '../schema/names.js'

/** The isolation that locking relies on: each statement sees what others committed before it. */
export const READ_COMMITTED = 'begin isolation level read committed read write'

/** The next offset of a checkpoint. */
export const CHECKPOINT: string = `select next from hindcast.checkpoints where ${AT_PLACE}`

/** Becomes the owner: waits for a transaction of the owner before, and makes its next one fail. */
export const CLAIM: string = `
insert into hindcast.checkpoints as c (projection, version, log, partition, next, epoch) values ($1, $2, $3, $4, 0, 1)
on conflict (projection, version, log, partition) do update set epoch = c.epoch + 1
returning next, epoch`

/** Begins a transaction by moving the checkpoint, in one round trip; the last answer says whether there was one to move. */
export function fencedBegin(fence: Fence, withPath: boolean): string {
  const { projection, version, log, partition, from, epoch, next } = fence
  const path = withPath ? `set local search_path to ${identifier(schemaName(fence))}; ` : ''
  return (
    `${READ_COMMITTED}; ${path}update hindcast.checkpoints set next = ${next} ` +
    `where projection = ${literal(projection)} and version = ${version} and log = ${literal(log)} and partition = ${partition} ` +
    `and next = ${from} and epoch = ${epoch}`
  )
}
