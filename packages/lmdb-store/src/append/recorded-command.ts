import { makePosition, type RecordedCommand } from '@hindcast/core'
import { writesOf, type StoredAppend } from '@hindcast/stream-index'

/** What the log remembers of the command that made an append. */
export function recordedCommand(logId: string, append: StoredAppend): RecordedCommand {
  const writes = writesOf(append)
  const { commandId, command, result } = append
  return {
    commandId,
    ...(command !== undefined && { command }),
    ...(result !== undefined && { result }),
    streams: writes.map(write => write.stream),
    versions: writes.map(write => write.firstVersion + write.events - 1),
    position: makePosition(logId, append.partition, BigInt(append.offset + append.events - 1)),
  }
}
