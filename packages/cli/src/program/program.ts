import { Command, CommanderError, Option } from 'commander'
import { appVerbs } from '../verb/app/commands.js'
import { doctorVerbs } from '../verb/doctor/commands.js'
import { goldenVerbs } from '../verb/golden/commands.js'
import { logVerbs } from '../verb/log/commands.js'
import { schemaVerbs } from '../verb/schema/commands.js'
import { parkedVerbs } from '../verb/parked/commands.js'
import { readModelVerbs } from '../verb/read-model/commands.js'
import { rebuildVerbs } from '../verb/rebuild/commands.js'
import { transferVerbs } from '../verb/transfer/commands.js'
import { verifyVerbs } from '../verb/verify/commands.js'
import type { Streams } from '../output/output.js'
import type { Verb, VerbGroup } from './verb-group.js'
import { version } from './version.js'

/** What runs a verb once its arguments are understood. */
export type Execute = (options: GlobalOptions, verb: Verb) => Promise<void>

/** What every verb takes. */
export interface GlobalOptions {
  readonly config?: string
  readonly json: boolean
  readonly verbose: boolean
}

/** All verbs, in the order in which `--help` lists them. */
const GROUPS: readonly VerbGroup[] = [
  appVerbs,
  logVerbs,
  readModelVerbs,
  rebuildVerbs,
  parkedVerbs,
  doctorVerbs,
  schemaVerbs,
  goldenVerbs,
  transferVerbs,
  verifyVerbs,
]

/** The verbs and their options. A verb's own code is loaded when it runs, so that `--help` is quick. */
export function program(execute: Execute, { stdout, stderr }: Streams): Command {
  const root = new Command('hindcast')
    .description('Event sourcing on a log you already run: the app of this folder, from the command line.')
    .version(version)
    .showHelpAfterError('hindcast --help lists the verbs')
    .exitOverride()
    .configureOutput({ writeOut: text => stdout.write(text), writeErr: text => stderr.write(text) })
    .addOption(new Option('-c, --config <file>', 'the app; default hindcast.config.ts in this folder'))
    .addOption(new Option('--json', 'for machines: one JSON object a line').default(false))
    .addOption(new Option('--verbose', 'errors with their stack').default(false))
  const perform = (verb: Verb): Promise<void> =>
    execute(root.opts<GlobalOptions & Record<string, never>>(), verb)
  for (const addTo of GROUPS) addTo(root, perform)
  return root
}

/** True for what commander throws when it has already said what it had to say. */
export function isSaid(error: unknown): error is CommanderError {
  return error instanceof CommanderError
}
