import { HindcastError } from '@hindcast/core'

/** The topic holds the events of a log, but was not written by the protocol: a copy. It is neither written nor read. */
export class LogIsACopyError extends HindcastError<'HC_LOG_IS_A_COPY'> {
  override readonly name = 'LogIsACopyError'
  constructor(logId: string) {
    super(
      'HC_LOG_IS_A_COPY',
      `the topic is a copy of log "${logId}" (made by a mirror or a restore): what tells events from appends that lost was not copied with it. ` +
        'Use the original, or append the events of the copy to a new topic',
      { logId },
    )
  }
}

/** The log was written by a newer version of this library. */
export class NewerLogError extends HindcastError<'HC_FORMAT_NEWER'> {
  override readonly name = 'NewerLogError'
  constructor(format: number, known: number) {
    super(
      'HC_FORMAT_NEWER',
      `the log has format ${format}, this version of the library reads formats up to ${known}. Nothing was changed. Update the library`,
      { format, known },
    )
  }
}
