import type { VerbGroup } from '../../program/verb-group.js'

/** `export` and `import`. */
export const transferVerbs: VerbGroup = (root, perform) => {
  root
    .command('export')
    .description('the events of the log into a file of CloudEvents; on a file that is there it goes on')
    .argument('<file>', 'one event a line: log.ndjson')
    .option('--from <when>', 'a time, or partition:offset,…; default the beginning of the log')
    .action((file: string, { from }: { readonly from?: string }) =>
      perform(async context => (await import('./export.js')).exportEvents(context, file, { from })),
    )
  root
    .command('import')
    .description('the events of an export into a new log; after an interruption it goes on')
    .argument('<file>', 'what export has written')
    .action((file: string) =>
      perform(async context => (await import('./import.js')).importEvents(context, file)),
    )
}
