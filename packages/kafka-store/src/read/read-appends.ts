import type { AppendMetadata } from '@hindcast/core'
import type { AppendRecord, RecordedWriteEvent } from '@hindcast/stream-index'
import type { LogRecord } from '../record/log-record.js'

interface OpenWrite {
  readonly stream: string
  readonly firstVersion: number
  readonly events: RecordedWriteEvent[]
}

/** The appends of a valid batch, in order: the records of one append stand side by side and have one command id. */
export function readAppends(records: readonly LogRecord[]): AppendRecord[] {
  const appends: AppendRecord[] = []
  let start = 0
  let commandId = records[0]?.commandId
  while (commandId !== undefined) {
    let end = start + 1
    let next = records[end]?.commandId
    while (next === commandId) next = records[++end]?.commandId
    appends.push(readAppend(records, start, end, commandId))
    start = end
    commandId = next
  }
  return appends
}

function readAppend(
  records: readonly LogRecord[],
  start: number,
  end: number,
  commandId: string,
): AppendRecord {
  const first = records[start]!
  const last = records[end - 1]!
  const writes: OpenWrite[] = []
  let open: OpenWrite | undefined
  for (let i = start; i < end; i++) {
    const record = records[i]!
    const { stream } = record
    if (open?.stream !== stream) {
      open = { stream, firstVersion: record.version, events: [] }
      writes.push(open)
    }
    const { id, type, schemaVersion, value } = record
    open.events.push({ id, type, schemaVersion, data: value })
  }
  return {
    partition: first.partition,
    offset: first.place,
    time: first.time,
    commandId,
    command: last.header('command'),
    result: last.header('result'),
    metadata: orUndefined(first.metadata),
    writes,
  }
}

function orUndefined(metadata: AppendMetadata): AppendMetadata | undefined {
  for (const _ in metadata) return Object.freeze(metadata)
  return undefined
}
