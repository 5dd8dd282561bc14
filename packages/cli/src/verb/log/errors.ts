import { HindcastError } from '@hindcast/core'

/** The app of the config file keeps its log in memory: there is nothing that another process could look into. */
export class NoLogError extends HindcastError<'HC_NO_LOG'> {
  override readonly name = 'NoLogError'
  constructor() {
    super(
      'HC_NO_LOG',
      "the config file names no store, so the app's log is in its memory and ends with it. Name one: store: lmdb('./data/log') or kafka({ … })",
    )
  }
}
