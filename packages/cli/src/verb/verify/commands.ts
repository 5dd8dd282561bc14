import { InvalidArgumentError } from 'commander'
import type { VerbGroup } from '../../program/verb-group.js'

interface Flags {
  readonly snapshots?: number
  readonly problems: number
  readonly readModels: boolean
}

/** `verify`. */
export const verifyVerbs: VerbGroup = (root, perform) => {
  root
    .command('verify')
    .description('read the whole log once, and check that the code of today reads and folds every event')
    .option(
      '--snapshots <share>',
      'of how many streams they are compared: all, none or 5%; default all',
      share,
    )
    .option('--problems <n>', 'how many problems to show; all are counted', whole, 100)
    .option('--no-read-models', 'leave checkpoints and parked events alone')
    .action(({ snapshots, ...options }: Flags) =>
      perform(async context =>
        (await import('./verify.js')).verify(context, {
          ...options,
          ...(snapshots !== undefined && { snapshotShare: snapshots }),
        }),
      ),
    )
}

function share(text: string): number {
  if (text === 'all') return 1
  if (text === 'none') return 0
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1]
  if (percent !== undefined && Number(percent) <= 100) return Number(percent) / 100
  throw new InvalidArgumentError('It is all, none, or a share of the streams: 5%.')
}

function whole(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It is a whole number of at most 999,999.')
}
