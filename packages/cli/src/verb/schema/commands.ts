import type { VerbGroup } from '../../program/verb-group.js'

/** `schema check` and `schema accept`. */
export const schemaVerbs: VerbGroup = (root, perform) => {
  const schema = root
    .command('schema')
    .description('the schemas of the events, and the lock that guards them')
  schema
    .command('check')
    .description('compare the events of the code with the lock; what breaks readers fails')
    .option(
      '--base <file>',
      'a lock of before, as of the branch to merge into: what it has must still be there',
    )
    .action((options: { readonly base?: string }) =>
      perform(async context => (await import('./check.js')).checkSchema(context, options)),
    )
  schema
    .command('accept')
    .description('record the events of the code in the lock')
    .option('--break <event...>', 'forget what the lock says of these events where it is in the way')
    .action((options: { readonly break?: readonly string[] }) =>
      perform(async context => {
        await (await import('./accept.js')).acceptSchema(context, { breaking: options.break ?? [] })
      }),
    )
}
