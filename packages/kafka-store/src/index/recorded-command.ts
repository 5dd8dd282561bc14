import { makePosition, type RecordedCommand } from '@hindcast/core'
import { countEvents, writesOf, type AppendRecord, type StoredAppend } from '@hindcast/stream-index'

/** What the log remembers of the command that made an append. */
export function recordedCommand(logId: string, append: AppendRecord | StoredAppend): RecordedCommand {
  const { commandId, command, result, partition, offset } = append
  const written = 'bytes' in append ? writtenBytes(append) : writtenRecord(append)
  return {
    commandId,
    ...(command !== undefined && { command }),
    ...(result !== undefined && { result }),
    streams: written.map(({ stream }) => stream),
    versions: written.map(({ version }) => version),
    position: makePosition(logId, partition, BigInt(offset + eventCount(append) - 1)),
  }
}

interface Written {
  readonly stream: string
  readonly version: number
}

function writtenBytes(append: StoredAppend): Written[] {
  return writesOf(append).map(write => ({
    stream: write.stream,
    version: write.firstVersion + write.events - 1,
  }))
}

function writtenRecord(append: AppendRecord): Written[] {
  return append.writes.map(write => ({
    stream: write.stream,
    version: write.firstVersion + write.events.length - 1,
  }))
}

function eventCount(append: AppendRecord | StoredAppend): number {
  return 'bytes' in append ? append.events : countEvents(append.writes)
}
