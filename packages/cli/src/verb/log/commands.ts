import type { VerbGroup } from '../../program/verb-group.js'

/** `stream` and `tail`. */
export const logVerbs: VerbGroup = (root, perform) => {
  root
    .command('stream')
    .description('the events of one stream')
    .argument('<id>', 'category, hyphen, key: account-acc-1')
    .option('--states', 'also the state after each event', false)
    .action((id: string, { states }: { readonly states: boolean }) =>
      perform(async context => {
        await (await import('./stream.js')).showStream(context, id, { states })
      }),
    )
  root
    .command('tail')
    .description('the events of the log as they come')
    .option('--from-beginning', 'begin with the first event', false)
    .option('--no-follow', 'everything there is, then end')
    .option('--type <name>', 'only events with this recorded name')
    .action(
      (options: { readonly fromBeginning: boolean; readonly follow: boolean; readonly type?: string }) =>
        perform(async context => {
          await (await import('./tail.js')).tail(context, options)
        }),
    )
}
