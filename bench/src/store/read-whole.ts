import type { EventStore } from '@hindcast/core'
import type { RawEvent } from './log-ground.js'

/**
 * A whole log, partition by partition, for copies of it.
 *
 * @yields batch by batch
 */
export async function* readWhole(log: EventStore): AsyncGenerator<readonly RawEvent[]> {
  for (let partition = 0; partition < log.partitions; partition++)
    for await (const { events } of log.readLog(partition))
      yield events.map(({ stream, data }) => ({ stream, data }))
}
