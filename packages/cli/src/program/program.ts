import { Command, CommanderError, Option } from 'commander'
import { version } from './version.js'
import type { VerbContext } from '../verb/verb.js'

/** What runs a verb once its arguments are understood. */
export type Execute = (
  options: GlobalOptions,
  verb: (context: VerbContext) => Promise<unknown>,
) => Promise<void>

/** What every verb takes. */
export interface GlobalOptions {
  readonly config?: string
  readonly json: boolean
  readonly verbose: boolean
}

/** The verbs and their options. A verb's own code is loaded when it runs, so that `--help` is quick. */
export function program(execute: Execute): Command {
  const root = new Command('hindcast')
    .description('Event sourcing on a log you already run: the app of this folder, from the command line.')
    .version(version)
    .showHelpAfterError('hindcast --help lists the verbs')
    .exitOverride()
    .addOption(new Option('-c, --config <file>', 'the app; default hindcast.config.ts in this folder'))
    .addOption(new Option('--json', 'for machines: one JSON object a line').default(false))
    .addOption(new Option('--verbose', 'errors with their stack').default(false))
  const globals = (): GlobalOptions => root.opts<GlobalOptions & Record<string, never>>()
  root
    .command('run')
    .description('run the app until SIGTERM or ctrl-C, then finish what it accepted')
    .addOption(new Option('--only <what>', 'do only a part').choices(['commands', 'workers']))
    .action(({ only }: { readonly only?: 'commands' | 'workers' }) =>
      execute(globals(), async context =>
        (await import('../verb/run.js')).run(context, only === undefined ? {} : { run: only }),
      ),
    )
  root
    .command('stream')
    .description('the events of one stream')
    .argument('<id>', 'category, hyphen, key: account-acc-1')
    .option('--states', 'also the state after each event', false)
    .action((id: string, { states }: { readonly states: boolean }) =>
      execute(globals(), async context =>
        (await import('../verb/stream.js')).showStream(context, id, { states }),
      ),
    )
  root
    .command('tail')
    .description('the events of the log as they come')
    .option('--from-beginning', 'begin with the first event', false)
    .option('--no-follow', 'everything there is, then end')
    .option('--type <name>', 'only events with this recorded name')
    .action(
      (options: { readonly fromBeginning: boolean; readonly follow: boolean; readonly type?: string }) =>
        execute(globals(), async context => (await import('../verb/tail.js')).tail(context, options)),
    )
  return root
}

/** True for what commander throws when it has already said what it had to say. */
export function isSaid(error: unknown): error is CommanderError {
  return error instanceof CommanderError
}
