import { partitionOf, type Snapshot } from '@hindcast/core'
import { BATCH } from '../record/batch-layout.js'
import { writeHead } from '../record/batch-encoder.js'
import type { LogRecord } from '../record/log-record.js'
import { RecordWriter } from '../record/record-writer.js'

const FORMAT = 1
/** More than the framing, the key and the head of a record take. */
const OVERHEAD_BYTES = 8192

/** What stands in front of the state: a line of JSON. */
interface Head extends Omit<Snapshot, 'state'> {
  readonly format: number
  readonly logId: string
}

/** The partition in which all snapshots of a stream lie. */
export function snapshotPartition(stream: string, partitions: number): number {
  return partitionOf(stream, partitions)
}

/** The key by which the topic is compacted: a build and a stream. */
function keyOf({ fingerprint, stream }: Pick<Snapshot, 'fingerprint' | 'stream'>): string {
  return `${fingerprint} ${stream}`
}

/** Encodes a snapshot as a batch of its own: a line of JSON that says whose it is, and the state. */
export function encodeSnapshotBatch(logId: string, snapshot: Snapshot, timestamp: number): Buffer {
  const { state, ...rest } = snapshot
  const head: Head = { format: FORMAT, logId, ...rest }
  const value = `${JSON.stringify(head)}\n${state}`
  const writer = new RecordWriter(Buffer.byteLength(value) + OVERHEAD_BYTES)
  writer.at = BATCH.records
  const start = writer.beginRecord()
  // Attributes, and the deltas of time and offset.
  writer.buffer.fill(0, writer.at, (writer.at += 3))
  writer.text(keyOf(snapshot))
  writer.text(value)
  writer.varint(0)
  writer.endRecord(start)
  // No producer id: what is written twice, or not at all, does no harm.
  writeHead(writer.buffer, writer.at, 1, { producerId: -1n, epoch: -1, sequence: -1, timestamp })
  return writer.buffer.subarray(0, writer.at)
}

/** The snapshot in a record; a text that says why it is none of this log. */
export function snapshotOfRecord(logId: string, record: LogRecord): Snapshot | string {
  if (!record.hasValue) return 'it has no value'
  const value = record.value
  const end = value.indexOf('\n')
  const head = parse(value.subarray(0, Math.max(end, 0)).toString('utf8'))
  if (head?.format !== FORMAT) return 'it is no snapshot of format 1'
  if (head.logId !== logId) return `it is of log ${head.logId}`
  const { stream, fingerprint, version, lastEventId } = head
  if (keyOf({ stream, fingerprint }) !== record.key) return 'its key is of another stream or build'
  if (!Number.isSafeInteger(version) || version < 0) return `its version is ${version}`
  return { stream, fingerprint, version, lastEventId, state: value.subarray(end + 1).toString('utf8') }
}

function parse(text: string): Head | undefined {
  try {
    const head = JSON.parse(text) as Partial<Head> | null
    const texts = [head?.logId, head?.stream, head?.fingerprint, head?.lastEventId]
    return texts.every(each => typeof each === 'string' && each !== '') ? (head as Head) : undefined
  } catch {
    return undefined
  }
}
