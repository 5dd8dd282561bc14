import { HindcastError, LogIntegrityError } from '@hindcast/core'

/**
 * Runs a read. What LMDB or a decoder says about damaged bytes becomes an error that says what to do.
 *
 * @throws LogIntegrityError
 */
export function readSafely<T>(folder: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw integrityError(folder, error)
  }
}

/** The error as a caller should see it: coded errors as they are, LMDB's own and those of decoding as damage. */
function integrityError(folder: string, error: unknown): unknown {
  if (error instanceof HindcastError) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new LogIntegrityError(
    `reading from folder "${folder}" failed (${reason}). Restore it from a backup`,
    { folder, reason },
    { cause: error },
  )
}
