import { HindcastError } from '../error/hindcast-error.js'

/** A stream's category belongs to none of the aggregates given, so its states cannot be told. */
export class CategoryUnknownError extends HindcastError<'HC_CATEGORY_UNKNOWN'> {
  override readonly name = 'CategoryUnknownError'
  constructor(stream: string, known: readonly string[], near: string | undefined) {
    const meant = near === undefined ? '' : ` Did you mean "${near}"?`
    super(
      'HC_CATEGORY_UNKNOWN',
      `stream "${stream}" belongs to none of the aggregates (categories: ${known.join(', ') || 'none'}).${meant} ` +
        'Name a stream as <category>-<key>, or add its aggregate',
      { stream, known, near },
    )
  }
}
