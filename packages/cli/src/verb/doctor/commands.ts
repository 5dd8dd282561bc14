import { EXIT } from '../../program/exit-code.js'
import type { VerbGroup } from '../../program/verb-group.js'

/** `doctor`. */
export const doctorVerbs: VerbGroup = (root, perform) => {
  root
    .command('doctor')
    .description('look at every setting that a promise depends on, with its fix')
    .action(() =>
      perform(async context => {
        const troubles = await (await import('./doctor.js')).doctor(context)
        return troubles.some(({ verdict }) => verdict === 'wrong') ? EXIT.problems : EXIT.done
      }),
    )
}
