import { makePosition, type RecordedCommand } from '@hindcast/core'
import type { LogRecord } from '../record/log-record.js'

/** What the log remembers of the command that made an append. @param events - all that the append has */
export function recordedCommand(logId: string, events: readonly LogRecord[]): RecordedCommand {
  const last = events[events.length - 1]!
  const command = last.header('command')
  const result = last.header('result')
  const written = new Map<string, number>()
  for (const { stream, version } of events) written.set(stream, version)
  return {
    commandId: last.commandId,
    ...(command !== undefined && { command }),
    ...(result !== undefined && { result }),
    streams: [...written.keys()],
    versions: [...written.values()],
    position: makePosition(logId, last.partition, last.place),
  }
}
