import { WrongBalanceError } from '../bank/ledger.js'
import type { BenchDatabase } from './bench-database.js'
import type { Expected } from './fill-log.js'

interface Found {
  readonly id: string
  readonly cents: string
  readonly events: number
}

/** @throws WrongBalanceError when a row is wrong, missing or too many */
export async function checkRows(
  database: BenchDatabase,
  table: string,
  expected: ReadonlyMap<string, Expected>,
): Promise<void> {
  const found = await database.query<Found>(`select id, cents::text, events from ${table}`)
  for (const { id, cents, events } of found) {
    const right = expected.get(id)
    if (!right || String(right.cents) !== cents || right.events !== events)
      throw new WrongBalanceError(
        `${table} ${id}: ${cents} cents in ${events} events, the log has ${right?.cents ?? 0} in ${right?.events ?? 0}`,
      )
  }
  if (found.length !== expected.size)
    throw new WrongBalanceError(`${table} has ${found.length} rows, the log has ${expected.size}`)
}

/** @throws WrongBalanceError when a checkpoint is not at the log's end */
export async function checkCheckpoints(database: BenchDatabase, ends: readonly bigint[]): Promise<void> {
  const found = await database.query<{ partition: number; next: string }>(
    'select partition, next::text from hindcast.checkpoints',
  )
  ends.forEach((end, partition) => {
    const next = found.find(each => each.partition === partition)?.next
    if (next !== String(end))
      throw new WrongBalanceError(
        `the checkpoint of partition ${partition} is ${next}, the log ends at ${end}`,
      )
  })
}
