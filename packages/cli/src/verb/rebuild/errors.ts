import { HindcastError } from '@hindcast/core'

/** A time or a cut on the command line cannot be read. */
export class CutTextError extends HindcastError<'HC_CUT_TEXT'> {
  override readonly name = 'CutTextError'
  constructor(text: string, reason: string) {
    super(
      'HC_CUT_TEXT',
      `"${text}" is refused: ${reason}. A time has a date, and a zone when it has an hour: 2026-01-01 (midnight UTC) or 2026-01-01T09:30+02:00; ` +
        'a cut is as rebuild prints it: 0:120,1:88',
      { text, reason },
    )
  }
}

/** The process was told to end before it was done; what it has done stays, and the same command goes on from there. */
export class InterruptedError extends HindcastError<'HC_INTERRUPTED'> {
  override readonly name = 'InterruptedError'
  constructor(what: string) {
    super(
      'HC_INTERRUPTED',
      `${what} was interrupted; what was built stays, and readers see no difference. The same command goes on from there, ` +
        'hindcast release gives it up',
      { what },
      { retryable: true },
    )
  }
}
