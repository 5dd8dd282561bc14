import { HindcastError } from '@hindcast/core'

/** A file is no export, is one of another log, was begun with another start, or cannot be written. */
export class ExportFileError extends HindcastError<'HC_EXPORT_FILE'> {
  override readonly name = 'ExportFileError'
  constructor(file: string, reason: string, remedy: string, cause?: unknown) {
    super('HC_EXPORT_FILE', `${file} cannot be used: ${reason}. ${remedy}`, { file, reason }, { cause })
  }
}

/** Another export writes to the file now; this one has not touched it. */
export class ExportInUseError extends HindcastError<'HC_EXPORT_IN_USE'> {
  override readonly name = 'ExportInUseError'
  constructor(file: string, cause: unknown) {
    super(
      'HC_EXPORT_IN_USE',
      `another process exports to ${file} now; two would write into each other. ` +
        'Wait for its end, then run it again: it goes on with what came since; or name another file',
      { file },
      { cause, retryable: true },
    )
  }
}

/** A line of an export is damaged. */
export class ExportLineError extends HindcastError<'HC_EXPORT_LINE'> {
  override readonly name = 'ExportLineError'
  constructor(file: string, line: number, reason: string, cause?: unknown) {
    super(
      'HC_EXPORT_LINE',
      `${file}, line ${line} is damaged: ${reason}; nothing was written. A line left out would leave a hole in a stream: ` +
        'take the file from where it was copied, or delete it and export again',
      { file, line, reason },
      { cause },
    )
  }
}

/** An export was interrupted: it has no end. */
export class ExportCutError extends HindcastError<'HC_EXPORT_CUT'> {
  override readonly name = 'ExportCutError'
  constructor(file: string, lines: number) {
    super(
      'HC_EXPORT_CUT',
      `${file} breaks off in or behind line ${lines}: the export was interrupted, or the file was copied in part; nothing was imported. ` +
        'Run the export again on the same file, it goes on from there; or copy the file again',
      { file, lines },
    )
  }
}

/** An event of the log cannot be exported; the file ends before it. */
export class ExportEventError extends HindcastError<'HC_EXPORT_EVENT'> {
  override readonly name = 'ExportEventError'
  constructor(position: string, type: string, stream: string, reason: string, remedy: string) {
    super(
      'HC_EXPORT_EVENT',
      `the event at ${position} (type "${type}", stream "${stream}") cannot be exported: ${reason}. ${remedy}`,
      { position, type, stream, reason },
    )
  }
}

/** Where a log is not what the export has; `expected` is undefined behind its end. */
export interface LogDifference {
  /** Where in the log. */
  readonly position: string
  /** The id of the event that the log has. */
  readonly found: string
  /** The id of the event that the export has. */
  readonly expected: string | undefined
}

/** The log that is imported into has an event that the export does not have in this place; nothing was imported. */
export class ImportForeignEventError extends HindcastError<'HC_IMPORT_FOREIGN_EVENT'> {
  override readonly name = 'ImportForeignEventError'
  constructor({ position, found, expected }: LogDifference) {
    const wanted = expected === undefined ? 'no further event' : `"${expected}"`
    super(
      'HC_IMPORT_FOREIGN_EVENT',
      `the log has event "${found}" at ${position}, where the export has ${wanted}; nothing was imported. ` +
        'Import into a new log, or go on with the export that this log was made from',
      { position, found, expected },
    )
  }
}

/** Something else wrote to the log while it was imported into: it is not the log that was exported. */
export class ImportDisturbedError extends HindcastError<'HC_IMPORT_DISTURBED'> {
  override readonly name = 'ImportDisturbedError'
  constructor(logId: string, difference: LogDifference | undefined) {
    const { position, found, expected } = difference ?? {}
    const what = difference
      ? `it has event "${found}" at ${position}, where the export has ${expected === undefined ? 'no further event' : `"${expected}"`}`
      : 'it lacks events of the export'
    super(
      'HC_IMPORT_DISTURBED',
      `something else wrote to log ${logId} during the import: ${what}. It is not the log that was exported. ` +
        'Stop whatever uses it, delete it, and import into a new log that nothing else uses until the import has ended',
      { logId, position, found, expected },
    )
  }
}

/** A stream of the log is not where the export goes on: something else writes to it, or the export was changed by hand. */
export class ImportVersionError extends HindcastError<'HC_IMPORT_VERSION'> {
  override readonly name = 'ImportVersionError'
  constructor(stream: string, version: number, actual: number | 'none', position: string) {
    super(
      'HC_IMPORT_VERSION',
      `version ${version} of stream "${stream}" (exported from ${position}) does not fit: ` +
        `the log has ${actual === 'none' ? 'no event of it' : `version ${actual} as its last`}. ` +
        'Stop whatever else writes to the log; if nothing does, lines of the export are missing or changed: export again, into a new file and a new log',
      { stream, version, actual, position },
    )
  }
}
