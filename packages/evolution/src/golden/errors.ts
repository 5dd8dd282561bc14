import { HindcastError, type ErrorContext } from '@hindcast/core'

/** A file of golden events cannot be used: damaged, or written by a newer version. */
export class GoldenFileError extends HindcastError<'HC_GOLDEN_FILE'> {
  override readonly name = 'GoldenFileError'
  constructor(file: string, line: number, reason: string, cause?: unknown) {
    const place = line === 0 ? file : `${file}:${line}`
    super(
      'HC_GOLDEN_FILE',
      `${place} cannot be used: ${reason}. Take the file from version control, or take it anew with hindcast golden take`,
      { file, line, reason },
      { cause },
    )
  }
}

/** What `redact` made of an event is none, or no longer the same event. */
export class GoldenRedactionError extends HindcastError<'HC_GOLDEN_REDACTION'> {
  override readonly name = 'GoldenRedactionError'
  constructor(position: string, reason: string, cause?: unknown) {
    super(
      'HC_GOLDEN_REDACTION',
      `redact of the event at ${position} ${reason}; give the event back with other data, and write nothing else anew than data, stream, metadata and ids`,
      { position },
      { cause },
    )
  }
}

/** Where the replay of a golden event broke off. */
export type GoldenStep = 'upcast' | 'validate' | '@Apply' | 'projection'

/** Today's code cannot replay a golden event; the message names file, event, version and step. */
export class GoldenReplayError extends HindcastError<'HC_GOLDEN_REPLAY'> {
  override readonly name = 'GoldenReplayError'
  constructor(
    file: string,
    line: number,
    step: GoldenStep,
    what: ErrorContext & { readonly type: string; readonly schemaVersion: number },
    cause: unknown,
  ) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(
      'HC_GOLDEN_REPLAY',
      `${file}:${line}: "${what.type}" version ${what.schemaVersion} does not pass the step ${step}${what['projection'] === undefined ? '' : ` ${String(what['projection'])}`}: ${reason}`,
      { file, line, step, ...what },
      { cause },
    )
  }
}
