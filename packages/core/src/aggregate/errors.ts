import { HindcastError, type ErrorContext } from '../error/hindcast-error.js'

/**
 * A rule of the user's domain forbids a command: `throw new DomainError('account.closed', 'The account is closed')`.
 * The code is the user's own. Nothing was written.
 */
export class DomainError extends HindcastError<string> {
  override readonly name = 'DomainError'
  constructor(code: string, message: string, context: ErrorContext = {}) {
    super(code, message, context)
  }
}

/** An aggregate emits or loads an event that it has no @Apply method for. */
export class EventNotAppliedError extends HindcastError<'HC_EVENT_NOT_APPLIED'> {
  override readonly name = 'EventNotAppliedError'
  constructor(aggregate: string, event: string, stream: string) {
    super(
      'HC_EVENT_NOT_APPLIED',
      `${aggregate} has no @Apply method for event "${event}" (stream "${stream}"); nothing was written. Add one, even an empty one: an event without it would be lost to the state`,
      { aggregate, event, stream },
    )
  }
}

/** `emit` was called when no command of this aggregate was being handled. */
export class EmitOutsideCommandError extends HindcastError<'HC_EMIT_OUTSIDE_COMMAND'> {
  override readonly name = 'EmitOutsideCommandError'
  constructor(aggregate: string, event: string) {
    super(
      'HC_EMIT_OUTSIDE_COMMAND',
      `${aggregate} emitted "${event}" while it was handling no command; nothing was written. ` +
        'Emit only from a @Handle method, before it returns or its promise resolves, and never from @Apply',
      { aggregate, event },
    )
  }
}

/** An @Apply method returned a promise: folding is synchronous. */
export class AsyncApplyError extends HindcastError<'HC_APPLY_ASYNC'> {
  override readonly name = 'AsyncApplyError'
  constructor(aggregate: string, method: string) {
    super(
      'HC_APPLY_ASYNC',
      `${aggregate}.${method} returned a promise; @Apply methods are synchronous. Do the waiting in the @Handle method and put what it finds into the event`,
      { aggregate, method },
    )
  }
}

/** The state of an aggregate holds something that a snapshot cannot bring back. */
export class StateNotSerializableError extends HindcastError<'HC_STATE_NOT_SERIALIZABLE'> {
  override readonly name = 'StateNotSerializableError'
  constructor(aggregate: string, path: string, found: string) {
    super(
      'HC_STATE_NOT_SERIALIZABLE',
      `${aggregate}.${path} holds ${found}, which a snapshot cannot bring back. Keep plain values, Date, bigint, Map, Set and arrays, ` +
        'or mark the property with @Field(() => Class)',
      { aggregate, path, found },
    )
  }
}
