import type { VerbGroup } from '../../program/verb-group.js'

/** `status`. */
export const readModelVerbs: VerbGroup = (root, perform) => {
  root
    .command('status')
    .description('how each projection stands in each partition')
    .option('--watch', 'again every second, until ctrl-C', false)
    .action(({ watch }: { readonly watch: boolean }) =>
      perform(async context => {
        await (await import('./status.js')).status(context, { watch })
      }),
    )
}
