import type { OptionName, Options } from '../cli/options.js'
import type { Finding } from '../report/result-line.js'
import type { LogGround, StoreBench } from '../store/log-ground.js'

/** What a suite works with. */
export interface SuiteRun {
  readonly options: Options
  /** The name of the store, as other processes look it up. */
  readonly store: string
  readonly bench: StoreBench
  /** An empty log, removed when the suite ends. */
  readonly ground: LogGround
  /** Tells a finding as soon as it is known. */
  readonly found: (finding: Finding) => void
  /** Says what is left out, and why. */
  readonly note: (text: string) => void
}

/** One question to a store. */
export interface Suite {
  readonly name: string
  /** In a few words, for the help and above the table. */
  readonly about: string
  /** The options that it takes beside the common ones. */
  readonly options: readonly OptionName[]
  /** An option of Node with which all of it is run a second time. */
  readonly againWith?: string
  /** @throws WrongBalanceError when the log does not have exactly what was acknowledged */
  readonly run: (run: SuiteRun) => Promise<void>
}
