import { HindcastError } from '@hindcast/core'

/** The index cannot be written; the log is not affected, and nothing is lost. */
export class IndexWriteError extends HindcastError<'HC_INDEX_WRITE'> {
  override readonly name = 'IndexWriteError'
  constructor(folder: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(
      'HC_INDEX_WRITE',
      `the index in folder "${folder}" cannot be written: ${reason}. The log is not affected. Make room on the disk; the index goes on by itself`,
      { folder, reason },
      { cause, retryable: true },
    )
  }
}
