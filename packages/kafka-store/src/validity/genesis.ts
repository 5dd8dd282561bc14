import { BATCH } from '../record/batch-layout.js'
import { writeHead, type BatchHead } from '../record/batch-encoder.js'
import { GENESIS_TYPE, HEADER, sourceOf } from '../record/header-names.js'
import type { LogRecord } from '../record/log-record.js'
import { preparedHeader, RecordWriter } from '../record/record-writer.js'

/** The newest format of a log that this version reads and writes. */
export const LOG_FORMAT = 1

/** What the first record of each partition says. */
export interface Genesis {
  readonly format: number
  readonly logId: string
  /** Fixed for the log's life. */
  readonly partitions: number
}

const KEY = 'hindcast'
const BYTES = 2048

/** Encodes the genesis record as a batch of its own. @param after - its `ce_after` */
export function encodeGenesis(genesis: Genesis, after: number, head: BatchHead): Buffer {
  const headers = [
    preparedHeader(HEADER.after, String(after)),
    preparedHeader(HEADER.specVersion, '1.0'),
    preparedHeader(HEADER.contentType, 'application/json'),
    preparedHeader(HEADER.source, sourceOf(genesis.logId)),
    preparedHeader(HEADER.id, `${genesis.logId}-genesis`),
    preparedHeader(HEADER.type, GENESIS_TYPE),
    preparedHeader(HEADER.time, new Date(head.timestamp).toISOString()),
  ]
  const writer = new RecordWriter(BYTES)
  writer.at = BATCH.records
  const start = writer.beginRecord()
  writer.buffer.fill(0, writer.at, (writer.at += 3))
  writer.text(KEY)
  writer.text(JSON.stringify(genesis))
  writer.varint(headers.length)
  for (const header of headers) writer.bytes(header)
  writer.endRecord(start)
  writeHead(writer.buffer, writer.at, 1, head)
  return writer.buffer.subarray(0, writer.at)
}

/** What a genesis record says; undefined when the record is none. */
export function genesisOf(record: LogRecord | undefined): Genesis | undefined {
  if (!record?.hasValue || record.header('type') !== GENESIS_TYPE) return undefined
  let value: Partial<Genesis> | null
  try {
    value = JSON.parse(record.data) as Partial<Genesis> | null
  } catch {
    return undefined
  }
  const { format, logId, partitions } = value ?? {}
  if (typeof format !== 'number' || typeof logId !== 'string' || typeof partitions !== 'number')
    return undefined
  return { format, logId, partitions }
}
