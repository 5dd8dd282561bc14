import { AppendNotSentError, AppendOutcomeUnknownError } from '@hindcast/core'
import type { PendingAppend } from './pending-append.js'

/** What an append is told whose batch may be written or not. */
export function outcomeUnknown(
  { writes, commandId }: PendingAppend,
  timeoutMs: number,
  cause: Error,
): AppendOutcomeUnknownError {
  return new AppendOutcomeUnknownError(writes[0]!.stream, commandId, timeoutMs, { cause })
}

/** What an append is told that never was in a batch. @param trouble - what kept the writer from it */
export function notSent(
  { writes, commandId }: PendingAppend,
  timeoutMs: number,
  trouble: string,
): AppendNotSentError {
  const reason = `there was no way to send it within ${timeoutMs} ms (${trouble})`
  return new AppendNotSentError(writes[0]!.stream, commandId, reason)
}
