import type { LoggedEvent } from '../../history/operation.js'
import type { TopicRecord } from './topic-record.js'

/** What a partition holds. */
export interface JudgedPartition {
  readonly logId: string | undefined
  readonly events: readonly LoggedEvent[]
  /** Batches of the shared producer that are no events. */
  readonly void: number
  /** Records of anybody else. */
  readonly foreign: number
}

const SHARED_PRODUCER = 4_611_686_018_427_387_904n
const GENESIS = 'hindcast.log.created'
const REQUIRED = ['ce_id', 'ce_type', 'ce_subject', 'ce_streamversion', 'ce_commandid', 'ce_time']

/**
 * The rule by which readers tell what happened, once more and with no code of the store: a batch of the shared producer
 * counts if its first record's `ce_after` is the offset of the shared producer's last record in front of it.
 */
export function judgeRecords(partition: number, records: readonly TopicRecord[]): JudgedPartition {
  const events: LoggedEvent[] = []
  let logId: string | undefined
  let last = -1n
  let foreign = 0
  let voided = 0
  for (const batch of batches(records)) {
    const [first] = batch
    if (first!.producerId !== SHARED_PRODUCER) {
      foreign += batch.length
      continue
    }
    const inPlace = first!.headers['ce_after'] === String(last)
    last = batch.at(-1)!.offset
    if (inPlace && logId === undefined && batch.length === 1 && first!.headers['ce_type'] === GENESIS)
      logId = first!.headers['ce_source']
    else if (inPlace && logId !== undefined && batch.every(record => isEvent(record, logId!)))
      events.push(...batch.map(record => eventOf(partition, record)))
    else voided++
  }
  return { logId, events, void: voided, foreign }
}

function* batches(records: readonly TopicRecord[]): Generator<readonly TopicRecord[]> {
  let start = 0
  for (let i = 1; i <= records.length; i++)
    if (records[i]?.batch !== records[start]?.batch) {
      yield records.slice(start, i)
      start = i
    }
}

function isEvent({ headers }: TopicRecord, logId: string): boolean {
  return headers['ce_source'] === logId && REQUIRED.every(name => headers[name] !== undefined)
}

function eventOf(partition: number, { offset, headers }: TopicRecord): LoggedEvent {
  return {
    id: headers['ce_id']!,
    stream: headers['ce_subject']!,
    version: Number(headers['ce_streamversion']),
    partition,
    offset,
    time: Date.parse(headers['ce_time']!),
    commandId: headers['ce_commandid']!,
  }
}
