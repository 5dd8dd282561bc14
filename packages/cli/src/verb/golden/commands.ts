import type { VerbGroup } from '../../program/verb-group.js'

/** `golden take` and `golden check`. */
export const goldenVerbs: VerbGroup = (root, perform) => {
  const golden = root.command('golden').description('real events of every type and version, and their replay')
  golden
    .command('take')
    .description('take a real event of every type and version out of the log into a folder')
    .action(() => perform(async context => (await import('./take.js')).takeGoldenEvents(context)))
  golden
    .command('check')
    .description('replay the golden events with the code of today')
    .action(() => perform(async context => (await import('./check.js')).checkGoldenEvents(context)))
}
