import type { HindcastConfig } from '../config/define-config.js'
import type { Output } from '../output/output.js'
import type { Confirmation } from './confirmation.js'

/** What a verb works with. */
export interface VerbContext {
  /** The app. */
  readonly config: HindcastConfig
  /** Where it writes. */
  readonly output: Output
  /** Asks before what cannot be taken back. */
  readonly confirm: Confirmation
  /** Aborted when people press ctrl-C or the process is told to end. */
  readonly signal: AbortSignal
}
