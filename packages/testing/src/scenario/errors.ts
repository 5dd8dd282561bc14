import { HindcastError } from '@hindcast/core'

/** Something in a scenario is not as described; the message shows what was found and what was expected. */
export class ScenarioFailedError extends HindcastError<'HC_SCENARIO_FAILED'> {
  override readonly name = 'ScenarioFailedError'
  constructor(message: string, options: ErrorOptions = {}) {
    super('HC_SCENARIO_FAILED', message, {}, options)
  }
}
