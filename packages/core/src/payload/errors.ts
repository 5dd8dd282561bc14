import { HindcastError, type ErrorContext } from '../error/hindcast-error.js'

/** A payload would not come back from the log as it is, or what the log holds is no payload. */
export class PayloadError extends HindcastError<'HC_PAYLOAD'> {
  override readonly name = 'PayloadError'
  /** The message that has the payload. */
  readonly what: string
  /** Where in it, like `items[2].price`; empty for the whole. */
  readonly path: string
  /** What is wrong there, and what to do. */
  readonly reason: string
  /** @param place - where the event is recorded; its values are added to the context */
  constructor(
    what: string,
    path: string,
    reason: string,
    options: ErrorOptions & { readonly place?: ErrorContext } = {},
  ) {
    super(
      'HC_PAYLOAD',
      `${what}${path === '' ? '' : `, at ${path}`}: ${reason}`,
      { what, path, reason, ...options.place },
      options,
    )
    this.what = what
    this.path = path
    this.reason = reason
  }
}

/** `@Field` names something that a value cannot be rebuilt as. */
export class FieldDefinitionError extends HindcastError<'HC_FIELD_DEFINITION'> {
  override readonly name = 'FieldDefinitionError'
  constructor(field: string, reason: string) {
    super('HC_FIELD_DEFINITION', `@Field of ${field} cannot be used: ${reason}`, { field, reason })
  }
}
