import { InvalidArgumentError } from 'commander'
import type { SnapshotSample } from '@hindcast/evolution'
import type { VerbGroup } from '../../program/verb-group.js'

interface Flags {
  readonly snapshots?: SnapshotSample
  readonly problems: number
  readonly readModels: boolean
}

/** `verify`. */
export const verifyVerbs: VerbGroup = (root, perform) => {
  root
    .command('verify')
    .description('read the whole log once, and check that the code of today reads and folds every event')
    .option(
      '--snapshots <sample>',
      'how many to compare: all, none, 500 or 5%; default the first 1,000',
      sample,
    )
    .option('--problems <n>', 'how many problems to show; all are counted', whole, 100)
    .option('--no-read-models', 'leave checkpoints and parked events alone')
    .action(({ readModels, ...options }: Flags) =>
      perform(async context => (await import('./verify.js')).verify(context, { ...options, readModels })),
    )
}

function sample(text: string): SnapshotSample {
  if (text === 'all') return Infinity
  if (text === 'none') return 0
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1]
  if (percent !== undefined && Number(percent) <= 100) return { share: Number(percent) / 100 }
  if (/^\d+$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It is all, none, a whole number, or a share of the streams: 5%.')
}

function whole(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It is a whole number of at most 999,999.')
}
