import { HindcastError } from '../error/hindcast-error.js'

/** A payload would not come back from the log as it is, or what the log holds is no payload. */
export class PayloadError extends HindcastError<'HC_PAYLOAD'> {
  override readonly name = 'PayloadError'
  constructor(what: string, path: string, reason: string, options: ErrorOptions = {}) {
    super(
      'HC_PAYLOAD',
      `${what}${path === '' ? '' : `, at ${path}`}: ${reason}`,
      { what, path, reason },
      options,
    )
  }
}
