import { HindcastError } from '@hindcast/core'

/** A lock of event schemas cannot be used: damaged, changed by hand, or written by a newer version. */
export class SchemaLockError extends HindcastError<'HC_SCHEMA_LOCK'> {
  override readonly name = 'SchemaLockError'
  constructor(file: string, reason: string, remedy: string, cause?: unknown) {
    super('HC_SCHEMA_LOCK', `${file} cannot be used: ${reason}. ${remedy}`, { file, reason }, { cause })
  }
}
