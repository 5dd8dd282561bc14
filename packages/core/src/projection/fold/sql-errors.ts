import { HindcastError } from '../../error/hindcast-error.js'
import { FoldError, type FoldPlace } from './fold-errors.js'

/** A @Project method threw, or a statement of it failed; `cause` is what was thrown. The transaction was rolled back. */
export class SqlHandlerError extends FoldError {
  override readonly name = 'SqlHandlerError'
  constructor(
    place: FoldPlace,
    how: 'threw' | 'went on after a statement failed with' | 'left what a deferred constraint refuses:',
    cause: unknown,
  ) {
    const said = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    super('HC_SQL_HANDLER_FAILED', `${place.method} ${how} ${said}`, place, cause)
  }
}

/** A @Project method did not end in time. The transaction was rolled back. */
export class SqlHandlerTimeoutError extends FoldError {
  override readonly name = 'SqlHandlerTimeoutError'
  constructor(place: FoldPlace, handlerTimeoutMs: number) {
    super(
      'HC_SQL_HANDLER_TIMEOUT',
      `${place.method} did not end within ${handlerTimeoutMs} ms. Let it do nothing but SQL, look for locks that it waits for, ` +
        'or raise handlerTimeoutMs of @Projection',
      place,
    )
  }
}

/** SQL would begin or end the transaction that the checkpoint is in, or came after that had ended. Nothing of it was run. */
export class SqlTransactionError extends HindcastError<'HC_SQL_TRANSACTION'> {
  override readonly name = 'SqlTransactionError'
  /** @param what - whose SQL it is: a statement, a query, the tables of a projection */
  constructor(
    what: string,
    reason = 'it begins or ends a transaction. Leave it out: everything is committed together with the checkpoint, or not at all',
  ) {
    super('HC_SQL_TRANSACTION', `${what} is refused: ${reason}`, { what, reason })
  }
}
