import { HindcastError } from '@hindcast/core'

/** No such event is parked. */
export class ParkedUnknownError extends HindcastError<'HC_PARKED_UNKNOWN'> {
  override readonly name = 'ParkedUnknownError'
  constructor(projection: string, what: string) {
    super(
      'HC_PARKED_UNKNOWN',
      `projection "${projection}" has nothing parked ${what}; hindcast parked list ${projection} tells what is, by place (partition:offset) and keys`,
      { projection, what },
    )
  }
}
