import { LogIntegrityError } from '@hindcast/core'
import type { FetchAnswer, KafkaPort } from '../protocol/port.js'
import { splitBatches } from '../record/record-batch.js'
import type { Genesis } from '../validity/genesis.js'
import { judgeBatch, stateBehind } from '../validity/judge-batch.js'
import { UNREAD } from '../validity/log-state.js'
import { RESERVED_PRODUCER } from '../validity/reserved-producer.js'
import { ForeignTopicError } from './errors.js'

/** What the beginning of a partition says. */
export type Beginning =
  | { readonly kind: 'log' | 'copy'; readonly genesis: Genesis }
  /** Nothing, or nothing but void batches. */
  | { readonly kind: 'empty' }

/**
 * Reads what a partition begins with.
 *
 * @param fetchAt - the records of the partition from an offset on
 * @throws ForeignTopicError when it begins with somebody else's records
 */
export async function readBeginning(
  topic: string,
  partition: number,
  fetchAt: (offset: number) => Promise<FetchAnswer>,
): Promise<Beginning> {
  let state = UNREAD
  for (;;) {
    const { records, highWatermark } = await fetchAt(state.next)
    for (const batch of splitBatches(partition, records)) {
      if (batch.lastOffset < state.next) continue
      const verdict = judgeBatch(state, batch)
      if (verdict.kind === 'genesis') return { kind: 'log', genesis: verdict.genesis }
      if (verdict.kind === 'copy') return { kind: 'copy', genesis: verdict.genesis }
      if (!batch.isControl && batch.producerId !== RESERVED_PRODUCER)
        throw new ForeignTopicError(topic, `partition ${partition} begins with records of somebody else`)
      state = stateBehind(state, batch, verdict)
    }
    if (state.next >= highWatermark) return { kind: 'empty' }
  }
}

/** Compares a partition's genesis with the log's. @throws LogIntegrityError */
export function checkIdentity(port: KafkaPort, partition: number, genesis: Genesis, log: Genesis): void {
  if (genesis.logId !== log.logId)
    throw new LogIntegrityError(
      `partition ${partition} of topic "${port.topic}" belongs to log "${genesis.logId}", partition 0 to log "${log.logId}"`,
      { partition },
    )
}

/** Compares the topic's number of partitions with the log's. @throws LogIntegrityError */
export function checkPartitionCount(port: KafkaPort, made: number): void {
  const problem = partitionCountProblem(port.topic, made, port.metadata.leaders.length)
  if (problem) throw problem
}

/**
 * What is wrong with how many partitions a topic has; undefined when it has as many as it was made with. With more, streams
 * would come to lie in two.
 */
export function partitionCountProblem(
  topic: string,
  made: number,
  found: number,
): LogIntegrityError | undefined {
  if (found === made) return undefined
  return new LogIntegrityError(
    `topic "${topic}" was made with ${made} partitions and now has ${found}: streams would lie in two partitions. Copy its events to a new topic`,
    { topic, made, found },
  )
}
