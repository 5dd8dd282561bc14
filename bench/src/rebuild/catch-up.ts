import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Hindcast, type EventStoreFactory, type Newable } from '@hindcast/core'
import { postgres } from '@hindcast/projections'
import { Account } from '../bank/account.js'
import type { BenchDatabase } from './bench-database.js'
import { measuring, type Replay } from './measuring.js'

/** What a worker says when a batch is committed. */
interface Step {
  readonly step: string
  readonly partition: number
  readonly next: bigint
}

/**
 * Lets the workers of an app catch up a fresh read model, from the moment in which the read models are opened to the last
 * checkpoint.
 *
 * @param ends - of the partitions
 */
export async function catchUp(
  log: EventStoreFactory,
  database: BenchDatabase,
  projection: Newable,
  ends: readonly bigint[],
  events: number,
): Promise<Replay> {
  const behind = new Set(ends.flatMap((end, partition) => (end > 1n ? [partition] : [])))
  let done = (): void => undefined
  const caughtUp = new Promise<void>(resolve => (done = resolve))
  const onStep = (message: unknown): void => {
    const { step, partition, next } = message as Step
    if (step !== 'acknowledged' || next < ends[partition]!) return
    behind.delete(partition)
    if (behind.size === 0) done()
  }
  subscribe('hindcast:projections:step', onStep)
  let begin = (): void => undefined
  const measured = measuring(events, new Promise<void>(resolve => (begin = resolve)), caughtUp)
  try {
    const app = await Hindcast.start({
      store: log,
      aggregates: [Account],
      projections: [projection],
      readModels: host => {
        begin()
        return postgres(database.url)(host)
      },
      run: 'workers',
      log: false,
    })
    const replay = await measured
    await app.stop()
    return replay
  } finally {
    unsubscribe('hindcast:projections:step', onStep)
  }
}
