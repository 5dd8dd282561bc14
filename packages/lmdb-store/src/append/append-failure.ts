import {
  AppendNotSentError,
  AppendOutcomeUnknownError,
  HindcastError,
  LogIntegrityError,
} from '@hindcast/core'
import type { PendingAppend } from './pending-append.js'

/** No transaction began in time. */
export function overdue(append: PendingAppend, timeoutMs: number): HindcastError {
  return notSent(
    append,
    `no turn to write came within ${timeoutMs} ms; another process may be frozen in the middle of a write`,
  )
}

/** The transaction was given up; nothing of it was written. */
export function notWritten(append: PendingAppend, cause: unknown): HindcastError {
  if (cause instanceof HindcastError) return cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  if (isSystemError(cause))
    return notSent(append, `the disk refused the write (${reason}); is it full?`, { cause })
  const message = `writing to it failed (${reason}). Restore the folder from a backup`
  return new LogIntegrityError(message, { stream: append.writes[0]!.stream, reason }, { cause })
}

/** The transaction was made, but no answer came from the disk. */
export function unknown(append: PendingAppend, timeoutMs: number, cause?: unknown): HindcastError {
  return new AppendOutcomeUnknownError(append.writes[0]!.stream, append.options.commandId, timeoutMs, {
    cause,
  })
}

function notSent(append: PendingAppend, reason: string, options: ErrorOptions = {}): HindcastError {
  return new AppendNotSentError(append.writes[0]!.stream, append.options.commandId, reason, options)
}

/** Errors of the system have positive numbers, LMDB's own negative ones; whatever has none comes from reading damaged bytes. */
function isSystemError(cause: unknown): boolean {
  const code = (cause as { code?: unknown } | null)?.code
  return typeof code === 'number' && code > 0
}
