import type { RecordBatch } from '../record/record-batch.js'
import { sourceOf } from '../record/header-names.js'
import type { LogRecord } from '../record/log-record.js'
import { genesisOf, type Genesis } from './genesis.js'
import type { LogState } from './log-state.js'
import { RESERVED_PRODUCER, sequenceAfter } from './reserved-producer.js'

/** What a batch is to every reader of the log. */
export type Verdict =
  /** Events. They happened. */
  | { readonly kind: 'valid'; readonly records: readonly LogRecord[] }
  /** The log's identity. */
  | { readonly kind: 'genesis'; readonly genesis: Genesis }
  /** Written by the protocol's producer, but not in the place that it was decided for: it never happened. */
  | { readonly kind: 'void'; readonly reason: string }
  /** Somebody else's records, or those with which Kafka ends transactions. */
  | { readonly kind: 'foreign' }
  /** A genesis that was not written by the protocol's producer: the topic was copied from a log. */
  | { readonly kind: 'copy'; readonly genesis: Genesis }

const FOREIGN: Verdict = { kind: 'foreign' }

/**
 * THE rule by which every reader (index, subscription, verify) tells what happened:
 *
 * > The first record of a batch carries `ce_after`: the offset of the last reserved-id record that its writer had applied.
 * > A batch is valid if and only if `ce_after` is the offset of the last reserved-id record in front of it, valid or void.
 *
 * It is the compare-and-swap that the broker has made by sequence number, made again on what the log holds. So it does not
 * rest on what a broker remembers of a producer, nor on any clock.
 *
 * @param state - after everything in front of the batch
 * @throws CodecError, DamagedBatchError when a batch that must be judged cannot be read
 * @see docs/explanation/conditional-append.md
 */
export function judgeBatch(state: LogState, batch: RecordBatch): Verdict {
  if (batch.isControl) return FOREIGN
  if (batch.producerId !== RESERVED_PRODUCER) return judgeForeign(state, batch)
  const records = batch.records()
  const after = records[0]?.header('after')
  if (after === undefined) return voided('it has no ce_after: it was not written by this library')
  if (after !== String(state.lastReserved))
    return voided(`it was decided after offset ${after}, but offset ${state.lastReserved} was in front of it`)
  return state.logId === undefined ? judgeFirst(records) : judgeEvents(records, batch, state.logId)
}

/** The state behind a batch. */
export function stateBehind(state: LogState, batch: RecordBatch, verdict: Verdict): LogState {
  const next = batch.lastOffset + 1
  if (batch.isControl || batch.producerId !== RESERVED_PRODUCER) return { ...state, next }
  return {
    next,
    lastReserved: batch.lastOffset,
    lastBatch: batch.baseOffset,
    lastCrc: batch.crc,
    sequence: sequenceAfter(batch.sequence, batch.span),
    epoch: batch.epoch,
    timestamp: Math.max(state.timestamp, batch.timestamp),
    logId: verdict.kind === 'genesis' ? verdict.genesis.logId : state.logId,
  }
}

function judgeForeign(state: LogState, batch: RecordBatch): Verdict {
  if (state.logId !== undefined || (batch.codec !== 'none' && batch.codec !== 'gzip')) return FOREIGN
  const genesis = genesisOf(batch.records()[0])
  return genesis ? { kind: 'copy', genesis } : FOREIGN
}

function judgeFirst(records: readonly LogRecord[]): Verdict {
  const genesis = records.length === 1 ? genesisOf(records[0]) : undefined
  return genesis ? { kind: 'genesis', genesis } : voided('it comes in front of the genesis record')
}

function judgeEvents(records: readonly LogRecord[], batch: RecordBatch, logId: string): Verdict {
  if (records.length !== batch.span) return voided('some of its records are missing')
  const source = Buffer.from(sourceOf(logId))
  for (const record of records) {
    if (!record.isEvent) return voided(`the record at offset ${record.offset} is no event`)
    if (!record.hasHeader('source', source))
      return voided(`it belongs to another log (${record.header('source')})`)
  }
  return { kind: 'valid', records }
}

function voided(reason: string): Verdict {
  return { kind: 'void', reason }
}
