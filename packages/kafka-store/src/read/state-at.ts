import type { FetchAnswer } from '../protocol/port.js'
import { splitBatches, type RecordBatch } from '../record/record-batch.js'
import { stateBehind } from '../validity/judge-batch.js'
import { UNREAD, type LogState } from '../validity/log-state.js'
import { RESERVED_PRODUCER } from '../validity/reserved-producer.js'

/**
 * What a reader must know to begin at a checkpoint without having read what lies in front of it: the last reserved-id batch
 * there. It is mostly the one directly in front; behind many foreign records the way back is doubled with every step.
 *
 * @param from - a checkpoint; when it lies within a batch, the state in front of that batch is given
 * @param fetchAt - the records of the partition from an offset on
 */
export async function stateAt(
  partition: number,
  from: number,
  logId: string,
  fetchAt: (offset: number) => Promise<FetchAnswer>,
): Promise<LogState> {
  let target = from
  for (let back = 1; target > 0; back *= 2) {
    const start = Math.max(0, target - back)
    const found = await lastReservedBetween(partition, start, target, fetchAt)
    target = found.target
    if (found.last) {
      const behind = stateBehind({ ...UNREAD, logId }, found.last, { kind: 'void', reason: '' })
      return { ...behind, next: target }
    }
    if (start === 0) break
  }
  return { ...UNREAD, next: target }
}

async function lastReservedBetween(
  partition: number,
  start: number,
  end: number,
  fetchAt: (offset: number) => Promise<FetchAnswer>,
): Promise<{ readonly last: RecordBatch | undefined; readonly target: number }> {
  let last: RecordBatch | undefined
  for (let at = start; at < end;) {
    const { records } = await fetchAt(at)
    for (const batch of splitBatches(partition, records)) {
      if (batch.lastOffset < at) continue
      if (batch.lastOffset >= end) return { last, target: Math.min(end, batch.baseOffset) }
      if (!batch.isControl && batch.producerId === RESERVED_PRODUCER) last = batch
      at = batch.lastOffset + 1
    }
  }
  return { last, target: end }
}
