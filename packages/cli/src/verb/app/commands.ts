import { Option } from 'commander'
import type { VerbGroup } from '../../program/verb-group.js'

/** `run`. */
export const appVerbs: VerbGroup = (root, perform) => {
  root
    .command('run')
    .description('run the app until SIGTERM or ctrl-C, then finish what it accepted')
    .addOption(new Option('--only <what>', 'do only a part').choices(['commands', 'workers']))
    .action(({ only }: { readonly only?: 'commands' | 'workers' }) =>
      perform(async context =>
        (await import('./run.js')).run(context, only === undefined ? {} : { run: only }),
      ),
    )
}
