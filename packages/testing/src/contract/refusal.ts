import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { Conflict, EventStore, HindcastError, StreamWrite } from '@hindcast/core'
import { idsOf, only, readStream, wholeLog } from './reading.js'
import { refusedWith } from './refused.js'
import { append, newEvent, tryAppend, write } from './writing.js'

/** The codes with which a store refuses. */
export type RefusalCode =
  | 'HC_STREAM_ID'
  | 'HC_APPEND_INVALID'
  | 'HC_APPEND_ACROSS_PARTITIONS'
  | 'HC_LIMIT_EXCEEDED'
  | 'HC_PARTITION_KEY_CHANGED'
  | 'HC_COMMAND_ID_REUSED'
  | 'HC_STORE_CLOSED'
  | 'HC_PARTITION_UNKNOWN'
  | 'HC_READ_OUT_OF_RANGE'

/** The action must be refused with the code. Returns the error. */
export function refused(code: RefusalCode, action: () => Promise<unknown>): Promise<HindcastError> {
  return refusedWith(code, action)
}

/** The action must be refused, change nothing in the log, and leave the store usable. */
export async function refusedCleanly(
  store: EventStore,
  code: RefusalCode,
  action: () => Promise<unknown>,
): Promise<HindcastError> {
  return only(await allRefusedCleanly(store, code, [action]))
}

/** Each action must be refused; together they change nothing in the log and leave the store usable. */
export async function allRefusedCleanly(
  store: EventStore,
  code: RefusalCode,
  actions: readonly (() => Promise<unknown>)[],
): Promise<readonly HindcastError[]> {
  const before = await wholeLog(store)
  const errors: HindcastError[] = []
  for (const action of actions) errors.push(await refused(code, action))
  assert.deepEqual(await wholeLog(store), before, `${code} must leave the log unchanged`)
  await stillUsable(store)
  return errors
}

/** The append must conflict as named, and change nothing. */
export async function conflicts(
  store: EventStore,
  writes: StreamWrite | readonly StreamWrite[],
  conflict: Omit<Conflict, 'kind'>,
): Promise<void> {
  const before = await wholeLog(store)
  assert.deepEqual({ ...(await tryAppend(store, writes)) }, { kind: 'conflict', ...conflict })
  assert.deepEqual(await wholeLog(store), before, 'a conflict must leave the log unchanged')
}

/** The store still appends and reads. */
export async function stillUsable(store: EventStore): Promise<void> {
  const stream = `probe-${randomUUID()}`
  const event = newEvent()
  await append(store, write(stream, 'none', [event]))
  assert.deepEqual(idsOf(await readStream(store, stream)), [event.id], 'the store must stay usable')
}
