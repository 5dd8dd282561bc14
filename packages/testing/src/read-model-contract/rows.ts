import type { CheckpointKey, ReadModelStore, ReadModelTx, Row } from '@hindcast/core'
import { CounterRow } from './projections.js'
import { HERE } from './owner.js'

/** An object of a row class. */
export function rowOf<R extends object>(type: new () => R, values: R): R {
  return Object.assign(Object.create(type.prototype as object) as R, values)
}

/** A row of the counters. */
export function counter(id: string, count = 0n): CounterRow {
  return rowOf(CounterRow, { id, count })
}

/** Writes rows as a worker does: what is written was loaded before. */
export async function put(
  tx: ReadModelTx,
  rows: readonly { readonly id: string | number | bigint }[],
  shared = false,
): Promise<void> {
  const byKey = new Map(rows.map(row => [String(row.id), row as unknown as Row]))
  await tx.load([...byKey.keys()], { shared })
  await tx.save({ upserts: byKey, deletes: [] })
}

/** Deletes rows as a worker does. */
export async function remove(tx: ReadModelTx, keys: readonly string[]): Promise<void> {
  await tx.load(keys, { shared: false })
  await tx.save({ upserts: new Map(), deletes: keys })
}

/** Adds one to a counter that other partitions count in too. */
export async function countShared(
  tx: ReadModelTx,
  keys: readonly string[],
  between: () => Promise<void>,
): Promise<void> {
  const before = await tx.load(keys, { shared: true })
  await between()
  const rows = keys.map(key => counter(key, ((before.get(key)?.['count'] as bigint | undefined) ?? 0n) + 1n))
  await tx.save({ upserts: new Map(rows.map(row => [row.id, row as unknown as Row])), deletes: [] })
}

/** Every row, in the order that the store gives them. */
export async function allRows(store: ReadModelStore, at: CheckpointKey = HERE): Promise<readonly object[]> {
  return (await store.read(at, { kind: 'all' })).rows
}

/** The row of a key, if any. */
export async function rowAt(
  store: ReadModelStore,
  key: string,
  at: CheckpointKey = HERE,
): Promise<readonly object[]> {
  return (await store.read(at, { kind: 'key', key })).rows
}

/** Everything that a transaction can change, as somebody else sees it. */
export async function stateOf(store: ReadModelStore): Promise<unknown> {
  return {
    rows: await allRows(store),
    checkpoint: await store.checkpoint(HERE),
    parked: await store.parked(HERE),
    passed: await store.passed(HERE),
    requests: await store.requests(HERE),
    answer: await store.answerTo(HERE, 'request-1'),
  }
}
