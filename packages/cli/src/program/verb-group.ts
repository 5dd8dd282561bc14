import type { Command } from 'commander'
import type { VerbContext } from '../verb/verb.js'
import type { ExitCode } from './exit-code.js'

/** A verb whose arguments are understood. It gives what the process ends with; nothing means that it did what it was told. */
export type Verb = (context: VerbContext) => Promise<ExitCode | void>

/**
 * Adds verbs that belong together to the program. A file of this kind imports no more than commander; it loads the code of a
 * verb with `await import(…)` when the verb runs, so that `--help` stays quick.
 *
 * @param perform - runs a verb on the app of the config file, and tells its error
 */
export type VerbGroup = (root: Command, perform: (verb: Verb) => Promise<void>) => void
