import { HindcastError } from '../error/hindcast-error.js'

/** An event or command class is declared with a name or version that cannot be persisted. */
export class MessageDefinitionError extends HindcastError<'HC_MESSAGE_DEFINITION'> {
  override readonly name = 'MessageDefinitionError'
  constructor(message: string, reason: string) {
    super('HC_MESSAGE_DEFINITION', `message "${message}" cannot be declared: ${reason}`, { message, reason })
  }
}
