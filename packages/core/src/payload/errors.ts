import { HindcastError } from '../error/hindcast-error.js'

/** A payload would not come back from the log as it is, or what the log holds is no payload. */
export class PayloadError extends HindcastError<'HC_PAYLOAD'> {
  override readonly name = 'PayloadError'
  /**
   * @param what - the message that has the payload
   * @param path - where in it, like `items[2].price`; empty for the whole
   * @param reason - what is wrong there, and what to do
   */
  constructor(what: string, path: string, reason: string, options: ErrorOptions = {}) {
    super(
      'HC_PAYLOAD',
      `${what}${path === '' ? '' : `, at ${path}`}: ${reason}`,
      { what, path, reason },
      options,
    )
  }
}

/** `@Field` names something that a value cannot be rebuilt as. */
export class FieldDefinitionError extends HindcastError<'HC_FIELD_DEFINITION'> {
  override readonly name = 'FieldDefinitionError'
  constructor(field: string, reason: string) {
    super('HC_FIELD_DEFINITION', `@Field of ${field} cannot be used: ${reason}`, { field, reason })
  }
}
