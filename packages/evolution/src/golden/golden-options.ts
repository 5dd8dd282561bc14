import type { GoldenEvent } from './golden-event.js'

/** How golden events are taken. */
export interface GoldenOptions {
  /** The folder of the files, from the folder that the process runs in. Default: `golden`. */
  readonly folder?: string
  /**
   * Takes out of an event what must not lie in a repository; gives back the same event with other `data`, `stream`,
   * `metadata` or ids. Default: everything is kept.
   */
  readonly redact?: (event: GoldenEvent) => GoldenEvent
  /** How many events of its stream may go before a golden event; behind more, it is taken alone. Default: 1,000. */
  readonly maxHistory?: number
}

/** Where golden events lie unless the config says otherwise. @internal */
export const DEFAULT_GOLDEN_FOLDER = 'golden'
